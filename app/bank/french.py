"""French typography: what a text that is not set so holds, and what to say of it."""

import re

Mark = tuple[re.Pattern[str], str]

_UNITS = r"(?:[kKMGT]i?o|octets?|bits?|ms|s|secondes?|min|minutes?|h|heures?|jours?|%|€|px|CPU|cœurs?)"
# What French typography asks for, and the characters that miss it.
MARKS: tuple[Mark, ...] = (
    (re.compile(r"(?<!\u00a0):(?!\S)"), "a no-break space (U+00A0) goes before a colon"),
    (re.compile(r"(?<!\u202f)[;?!](?!\S)"), "a narrow no-break space (U+202F) goes before ?, ! and a semicolon"),
    (re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"), "a no-break space (U+00A0) goes inside « »"),
    (re.compile(r"'"), "the apostrophe is ’ (U+2019)"),
    (re.compile(r'"'), "quotation marks are « »"),
    (re.compile(r"\.\.\."), "the ellipsis is … (U+2026)"),
    (re.compile(rf"\d {_UNITS}(?![\w’'-])"), "a no-break space (U+00A0) goes between a number and its unit"),
    (re.compile(r"(?<!/)\betc(?:\.{2,}|…|(?!\.))"), "“etc.” has one full stop"),
    (
        re.compile(r"(?:^|[.?!] )A(?= (?!et |ou )[a-zà-ÿ])|\bE(?=tat|tape|crire|diter|teindre|chec|l[ée]ment)"),
        "a capital keeps its accent",
    ),
    (re.compile(r"  |(?<=\S) $"), "a space too many"),
)
