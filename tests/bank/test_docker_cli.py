"""The options of the Docker command line, as data."""

import pytest

from app.bank.docker_cli import COMMANDS, find_command

COURSE = [
    ("run", "-d", "detach", False),
    ("run", "-p", "publish", True),
    ("run", "--net", "network", True),
    ("run", "--memory", "memory", True),
    ("run", "--read-only", "read-only", False),
    ("run", "--log-opt", "log-opt", True),
    ("create", "-v", "volume", True),
    ("exec", "-i", "interactive", False),
    ("ps", "-a", "all", False),
    ("logs", "--tail", "tail", True),
    ("build", "-t", "tag", True),
    ("build", "--no-cache", "no-cache", False),
    ("buildx build", "--platform", "platform", True),
    ("rm", "-v", "volumes", False),
    ("stop", "--time", "timeout", True),
    ("network create", "-d", "driver", True),
    ("volume create", "--name", "name", True),
    ("compose", "-f", "file", True),
    ("compose up", "-d", "detach", False),
    ("compose down", "-v", "volumes", False),
    ("compose run", "--rm", "rm", False),
    ("service create", "--replicas", "replicas", True),
]


@pytest.mark.parametrize(("command", "spelling", "long", "takes_value"), COURSE)
def test_an_option_of_the_course_is_known(command: str, spelling: str, long: str, takes_value: bool) -> None:
    option = COMMANDS[command].options[spelling]

    assert (option.long, option.takes_value) == (long, takes_value)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("ps", "container ls"),
        ("container ps", "container ls"),
        ("images", "image ls"),
        ("rmi", "image rm"),
        ("build", "image build"),
        ("buildx build", "image build"),
        ("run", "container run"),
        ("compose convert", "compose config"),
        ("events", "system events"),
    ],
)
def test_an_alias_is_the_same_command(alias: str, name: str) -> None:
    assert COMMANDS[alias] is COMMANDS[name]


def test_a_container_is_not_created_in_the_background() -> None:
    assert "--detach" not in COMMANDS["container create"].options


def test_every_short_option_is_one_character() -> None:
    shorts = {option.short for command in COMMANDS.values() for option in command.options.values() if option.short}

    assert {len(short) for short in shorts} == {1}


def test_no_spelling_of_a_command_is_taken_by_two_options() -> None:
    clashes = [
        (name, option.long)
        for name, command in COMMANDS.items()
        for option in command.options.values()
        if option.short and command.options[f"-{option.short}"] is not option
    ]

    assert clashes == []


def test_the_longest_name_of_a_command_wins() -> None:
    found = find_command(("container", "ls", "-a"))

    assert found is not None
    assert (found[0].name, found[1]) == ("container ls", 2)


def test_words_that_name_no_command_are_not_found() -> None:
    assert find_command(("rnu", "nginx")) is None


def test_an_option_is_named_by_both_its_forms() -> None:
    assert COMMANDS["run"].options["-p"].label == "-p/--publish"


def test_an_option_without_a_short_form_is_named_by_its_long_one() -> None:
    assert COMMANDS["run"].options["--name"].label == "--name"
