"""What the rules of writing say of a question, for the translators; see `problem_words`."""


def N_(sentence: str) -> str:
    """Mark a sentence for the translators, and leave it as it is."""
    return sentence


SENTENCES = (
    # The question
    N_("the question ends without . ? ! or :"),
    N_("fewer than %(least)s words: does it ask a question on its own?"),
    N_("%(count)s words without the code, more than %(most)s"),
    N_("%(count)s questions in one"),
    N_("a negative question: word it positively, or set the negation in bold"),
    N_("two negations in a statement to judge"),
    N_("a negation in the choice and in the question"),
    N_("“%(article)s” before the choices agrees with some of them only"),
    N_("“%(article)s” before %(gap)s tells the gender or the first letter"),
    # Its choices
    N_("%(count)s choices: %(least)s to %(most)s are best"),
    N_("two choices say the same"),
    N_("one choice contains another"),
    N_("two intervals overlap"),
    N_("all choices begin with the same %(count)s words"),
    N_("all choices end with the same %(count)s words"),
    N_("choices that are numbers stand in order: add “shuffle: false”"),
    N_("choices that are numbers stand in order"),
    N_("a choice that speaks of the other choices"),
    N_("some choices end with a full stop, others do not"),
    N_("some choices begin with a capital, others do not"),
    # What gives the key away
    N_("the right choice is the longest: %(length)s characters, %(others)s at most elsewhere"),
    N_("the right choice is the only one with code"),
    N_("the right choice is the only one without code"),
    N_("an absolute word stands in the right choice alone"),
    N_("every choice but the right one has an absolute word"),
    N_("the right choice alone echoes the question: %(word)s…"),
    N_("the right choice begins with %(kind)s, the others with %(other)s"),
    # Its answers and their feedback
    N_("a wrong choice without “why”"),
    N_("an explanation of fewer than %(least)s characters"),
    N_("accept “%(answer)s” too"),
    N_("a number that is not whole, and no “tolerance”"),
    # How it is set
    N_("quotation marks are “ ”: “%(title)s”"),
    N_("English has no space before ?, !, a colon or a semicolon: “%(title)s”"),
    N_("English has no space before a comma: “%(title)s”"),
    N_("the same sentence in both languages"),
    N_("code goes between backticks: %(code)s"),
    N_("a picture without a description: ![what it shows](…)"),
    N_("“%(word)s”: not everybody sees colours"),
    N_("an emoji: %(sign)s"),
    N_("an exclamation"),
    N_("“%(word)s”: students are called vous"),
    # Its code
    N_("code that stands in one language only: %(code)s"),
    N_("more than %(most)s aliases in the snippet: a few lines of them can stand for a million"),
    N_("line %(line)s of the snippet is not YAML: %(reason)s"),
    N_("the snippet is not YAML: %(reason)s"),
    N_("the file has an unknown key “%(key)s”"),
    N_("the file has an unknown key “%(key)s”, did you mean “%(name)s”?"),
    N_("“services” holds no services"),
    N_("the service %(service)s has no keys"),
    N_("the service %(service)s has an unknown key “%(key)s”"),
    N_("the service %(service)s has an unknown key “%(key)s”, did you mean “%(name)s”?"),
    N_("the service %(service)s has neither “image” nor “build”"),
    N_("the service %(service)s names “%(name)s”, which stands nowhere under “%(kind)s”"),
    N_("“%(name)s” is no instruction of a Dockerfile"),
    N_("%(instruction)s stands before the first FROM"),
    N_("%(instruction)s without an argument"),
    N_("FROM takes an image, and AS with a name in lower case"),
    N_("%(instruction)s takes a source and a destination"),
    N_("EXPOSE takes port numbers"),
    N_("%(instruction)s takes name=value"),
    N_("%(instruction)s: the brackets hold no JSON list of texts, so that it is taken for a shell command"),
    N_("nothing stands before or after an operator such as |"),
    N_("nothing stands after a redirection such as >"),
    N_("Docker has no command “%(command)s”"),
    N_("the option “%(option)s” of “%(program)s” needs a value"),
    N_("“%(option)s”: the option takes true or false"),
    N_("“%(program)s” has no option “%(option)s”"),
    N_("“%(program)s” has no option “%(option)s”, did you mean “%(name)s”?"),
    # Beside the others
    N_("nearly the same as “%(id)s” (likeness %(likeness)s)"),
    N_("the same words as “%(id)s”: say what tells them apart"),
    N_("the same words as “%(id)s”, with other code"),
    N_("much like “%(id)s” (likeness %(likeness)s): name it under “see_also”?"),
    N_("examines the same objective as “%(id)s” (likeness %(likeness)s): name it under “see_also”?"),
    N_("this shows the answer of “%(id)s”: name it under “gives_away”"),
    N_("the words of the course, taken over: “%(words)s …”"),
    # All of them together
    N_(
        "the right choice is number %(number)s in %(count)s of %(total)s questions,"
        " chance gives about %(expected)s (chi-square %(figure)s)"
    ),
    N_("the right choice is the longest in %(count)s of %(total)s questions, chance gives about %(share)s"),
    N_("the right choice is the shortest in %(count)s of %(total)s questions, chance gives about %(share)s"),
    N_("%(right)s statements are true, %(wrong)s false"),
    N_("of %(total)s statements with an absolute word %(right)s are true: the word gives the answer away"),
    N_("%(count)s of %(total)s questions ask to apply (level 3)"),
    N_("%(count)s of %(total)s questions are of the type %(type)s"),
    # What it allows itself
    N_("there is no rule “%(name)s”"),
    N_("the rules are in the README"),
    N_("“%(reason)s” is no reason to break “%(name)s”"),
    N_("say in a few words why the rule does not apply"),
    N_("“%(name)s” is not broken (any more)"),
    N_("remove the line"),
)

# What may fill a hole and is no name of somebody's own.
KINDS = (N_("a number"), N_("an article"), N_("a pronoun"), N_("a preposition"))
