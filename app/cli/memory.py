"""How a process that serves collects garbage."""

import gc

_YOUNG = 50_000  # objects: a request makes some thousand, the page of a large class some ten thousand; few stay
_OLDER = 20


def settle() -> None:
    """Collect once, then never look again at what is there: modules, routes and templates stay for ever.

    Call it when the application is made. A page that makes many objects would otherwise look through all of these.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDER)
