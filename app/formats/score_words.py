"""The words of score files in French and in English: titles of columns, what they mean, codes, sheets.

A file speaks the language it was asked in, on the page and on the command line alike: its words are here and not
in the translations of pages.
"""

_LOCALES = ("fr", "en")
# name: (title in French, in English, meaning in French, in English)
_COLUMNS: dict[str, tuple[str, str, str, str]] = {
    "student_id": (
        "Étudiant",
        "Student",
        "L’étudiant, le même dans tous les tableaux de cet examen.",
        "The student, the same in every table of this exam.",
    ),
    "name": ("Nom", "Name", "Le nom donné dans la classe.", "The name given in the class."),
    "institution_id": (
        "N° d’établissement",
        "Institution ID",
        "Le numéro que l’établissement donne à l’étudiant, tel quel (du texte).",
        "What the institution calls the student, as it is (a text).",
    ),
    "login": ("Identifiant", "Login", "Le nom de connexion.", "The login name."),
    "email": (
        "Adresse électronique",
        "E-mail",
        "L’adresse de la liste d’étudiants, sinon le nom de connexion si c’en est une.",
        "The address of the roster, else the login name if it is one.",
    ),
    "state": (
        "État",
        "State",
        "Terminé, en cours, pas commencé (encore possible), absent, ou effacé : la durée de conservation de la classe "
        "est passée. La note est vide tant que rien n’est terminé.",
        "finished, in_progress, not_started (and still may), absent, or deleted: the class’s retention is over. "
        "The score is empty until one is finished.",
    ),
    "attempts": ("Tentatives", "Attempts", "Nombre de tentatives.", "How many attempts."),
    "attempt": (
        "Tentative",
        "Attempt",
        "Le numéro de la tentative ; dans les notes, celle qui compte (pour une moyenne, la dernière terminée).",
        "The number of the attempt; in the scores, the one that counts (for an average, the last finished one).",
    ),
    "started_at": ("Début", "Started", "À l’heure de l’examen.", "In the time zone of the exam."),
    "deadline": ("Échéance", "Deadline", "À l’heure de l’examen.", "In the time zone of the exam."),
    "ended_at": ("Fin", "Ended", "Remise, ou fin du temps.", "Handed in, or out of time."),
    "duration_s": ("Durée (s)", "Duration (s)", "Durée, en secondes.", "From start to end, in seconds."),
    "duration_min": ("Durée (min)", "Duration (min)", "Durée, en minutes.", "From start to end, in minutes."),
    "closed_by": (
        "Clos par",
        "Closed by",
        "L’étudiant, la fin du temps ou l’enseignant.",
        "student, time or teacher.",
    ),
    "score": (
        "Note",
        "Score",
        "Sur le barème, arrondie une fois au centième. Vide : absent, pas commencé ou en cours.",
        "On the scale, rounded once to a hundredth. Empty: absent, not started or in progress.",
    ),
    "scale": ("Barème", "Out of", "La note la plus haute possible.", "The highest score there is."),
    "percent": ("Pourcentage", "Percent", "Note / barème × 100.", "Score / scale x 100."),
    "passed": ("Réussi", "Passed", "La note atteint le seuil.", "The score reaches the pass mark."),
    "form": (
        "Sujet",
        "Form",
        "Le sujet parallèle de la tentative (A, B…) ; vide si l’examen n’en a pas.",
        "The parallel form of the attempt (A, B…); empty where the exam has none.",
    ),
    "forms": (
        "Sujets",
        "Forms",
        "Les sujets parallèles qui posent la question ; vide si l’examen n’en a pas.",
        "The parallel forms that ask the question; empty where the exam has none.",
    ),
    "adjustment": (
        "Ajustement",
        "Adjustment",
        "Points du barème donnés ou retirés à la main.",
        "Points of the scale given or taken by hand.",
    ),
    "position": ("Rang", "Position", "Le rang de la question.", "The place of the question."),
    "question": ("Question", "Question", "Son nom dans la banque.", "Its name in the bank."),
    "question_version": ("Version", "Version", "La version posée.", "The version that was asked."),
    "topic": ("Thème", "Topic", "Le thème de la question.", "The topic of the question."),
    "objective": ("Objectif", "Objective", "L’objectif évalué.", "The objective that is examined."),
    "type": ("Type", "Type", "Le type de question.", "The type of question."),
    "level": ("Niveau", "Level", "1 reconnaître, 2 comprendre, 3 appliquer.", "1 recognise, 2 understand, 3 apply."),
    "points": ("Points", "Points", "Ce que vaut la question.", "What the question weighs."),
    "text": ("Énoncé", "Text", "L’énoncé, en Markdown.", "What is asked, in Markdown."),
    "answered": ("Répondu", "Answered", "Une réponse a été enregistrée.", "A response was saved."),
    "response": ("Réponse", "Response", "La réponse, une partie par ligne.", "The response, one line a part."),
    "response_json": ("Réponse (JSON)", "Response (JSON)", "La réponse enregistrée.", "The response as it is stored."),
    "first_credit": (
        "Crédit initial",
        "First credit",
        "De 0 à 1, selon la clé d’origine, en fraction exacte.",
        "From 0 to 1, by the frozen key, an exact fraction.",
    ),
    "credit": (
        "Crédit",
        "Credit",
        "De 0 à 1, renotations comprises ; vide si la question est annulée. Fraction exacte pour les programmes.",
        "From 0 to 1, regrades counted; empty once the question was dropped. For programs, an exact fraction.",
    ),
    "points_won": (
        "Points obtenus",
        "Points won",
        "Crédit × points, pénalité comprise.",
        "Credit x points, penalty included.",
    ),
    "saved_at": ("Enregistrée", "Saved", "Le dernier enregistrement.", "When it was last saved."),
    "dropped": ("Annulée", "Dropped", "Annulée pour tous.", "Cancelled for everybody."),
    "changes": ("Renotations", "Regrades", "Renotations qui comptent.", "Regrades that count."),
    "attempts_met": (
        "Copies",
        "Attempts",
        "Copies comptées : la première tentative terminée de chaque étudiant.",
        "Attempts counted: the first finished one of each student.",
    ),
    "facility": ("Facilité (%)", "Facility (%)", "Points obtenus en moyenne.", "Points won on average."),
    "deviation": ("Écart type (%)", "Deviation (%)", "Écart type des points.", "Standard deviation."),
    "guess": ("Au hasard (%)", "Guess (%)", "Ce que vaut une réponse au hasard.", "What guessing is worth."),
    "intended_weight": ("Poids prévu (%)", "Intended weight (%)", "Sa part des points.", "Its share of the points."),
    "effective_weight": (
        "Poids réel (%)",
        "Effective weight (%)",
        "Sa part de la dispersion des notes ; vide pour un tirage ou une covariance négative.",
        "Its share in the spread of scores; empty when drawn or when its covariance is negative.",
    ),
    "discrimination": (
        "Discrimination (%)",
        "Discrimination (%)",
        "Corrélation avec le reste de la copie.",
        "Correlation with the rest of the attempt.",
    ),
    "efficiency": (
        "Efficacité (%)",
        "Efficiency (%)",
        "Discrimination rapportée à la plus grande possible.",
        "Discrimination, compared with the greatest possible.",
    ),
    "class": ("Classe", "Class", "La classe.", "The class."),
    "exam": ("Examen", "Exam", "L’examen.", "The exam."),
    "exam_id": ("N° d’examen", "Exam ID", "Le numéro de l’examen.", "The number of the exam."),
}
_WORDS: dict[str, tuple[str, str]] = {
    "scores": ("Notes", "Scores"),
    "progress": ("Révision", "Revision"),
    "attempts": ("Tentatives", "Attempts"),
    "responses": ("Réponses", "Responses"),
    "items": ("Questions", "Items"),
    "read_me": ("Lisez-moi", "Read me"),
    "sheet": ("Feuille", "Sheet"),
    "column": ("Colonne", "Column"),
    "meaning": ("Sens", "Meaning"),
    "comment": ("Commentaire", "Comment"),
    "yes": ("oui", "yes"),
    "no": ("non", "no"),
    "finished": ("terminé", "finished"),
    "in_progress": ("en cours", "in progress"),
    "not_started": ("pas commencé", "not started"),
    "absent": ("absent", "absent"),
    "deleted": ("effacé", "deleted"),
    "student": ("étudiant", "student"),
    "time": ("fin du temps", "out of time"),
    "teacher": ("enseignant", "teacher"),
    "single": ("choix unique", "single choice"),
    "multiple": ("choix multiples", "multiple choice"),
    "true_false": ("vrai ou faux", "true or false"),
    "short_answer": ("réponse courte", "short answer"),
    "command": ("commande", "command"),
    "numerical": ("nombre", "number"),
    "cloze": ("texte à trous", "gap text"),
    "ordering": ("ordre", "ordering"),
    "matching": ("appariement", "matching"),
    "flashcard": ("carte", "flashcard"),
    "true": ("vrai", "true"),
    "false": ("faux", "false"),
    "best": ("la meilleure tentative", "the best attempt"),
    "last": ("la dernière tentative", "the last attempt"),
    "first": ("la première tentative", "the first attempt"),
    "average": ("la moyenne des tentatives", "the average of the attempts"),
    "date": ("Fichier du", "File of"),
    "zone": ("Fuseau horaire", "Time zone"),
    "keep": ("Ce qui compte", "What counts"),
    "pass_mark": ("Seuil de réussite", "Pass mark"),
    "penalty": ("Pénalité (%)", "Penalty (%)"),
    "all_or_nothing": ("Une réponse en partie juste ne vaut rien", "A partly right answer is worth nothing"),
    "dropped_questions": ("Questions annulées", "Dropped questions"),
    "not_started_students": (
        "Étudiants qui n’ont pas commencé et le peuvent encore (note vide)",
        "Students who have not started and still may (empty score)",
    ),
    "absent_students": ("Étudiants absents (note vide)", "Absent students (empty score)"),
    "deleted_students": (
        "Étudiants dont les tentatives sont effacées, ou qui n’en ont pas fait (note vide)",
        "Students whose attempts were deleted, or who made none (empty score)",
    ),
    "without_names": (
        "Sans les noms : les pseudonymes valent pour tous les fichiers de cet examen, et pour lui seul. "
        "Une réponse tapée peut contenir un nom.",
        "Without names: the pseudonyms are those of all files of this exam, and of no other. "
        "A typed response may hold a name.",
    ),
}


def title(name: str, locale: str) -> str:
    """The title of a column in "fr" or "en"."""
    return _COLUMNS[name][_LOCALES.index(locale)]


def meaning(name: str, locale: str) -> str:
    """What a column means, in "fr" or "en"."""
    return _COLUMNS[name][2 + _LOCALES.index(locale)]


def word(code: str, locale: str) -> str:
    """The word for a code or a sheet in "fr" or "en"; a code without a word is shown as it is."""
    return _WORDS.get(code, (code, code))[_LOCALES.index(locale)]
