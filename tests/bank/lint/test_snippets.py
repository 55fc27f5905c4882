"""How snippets are read: Dockerfiles, Compose files, what is typed into a shell."""

from typing import Any

import pytest
import yaml

from app.bank.lint import compose, console, dockerfile

DOCKERFILES = [
    ("FROM alpine AS Build", []),
    ('FROM alpine as build\nCOPY --from=build a /b\nCMD ["ls"]', []),
    ("# syntax=docker/dockerfile:1\nARG V=1\nFROM alpine:${V}\nRUN a \\\n    # why\n    && b\nRUN c", []),
    ('FROM --platform=linux/amd64 alpine\nEXPOSE 80 443/tcp ${P}\nENV A=1 B=2\nENV C d\nLABEL a.b="c"', []),
    ("FROM alpine\nRUN <<EOF\nnot an instruction\nEOF\nCOPY <<-'END' /a\n text\n END\nUSER app", []),
    ("FROM scratch\nRUN --mount=type=secret,id=a cat /a\nHEALTHCHECK --interval=5s CMD true", []),
    ("COPY a b", []),
    ("COPPY a b", [(1, "“COPPY” is no instruction of a Dockerfile")]),
    ("RUN ls\nFROM alpine", [(1, "RUN stands before the first FROM")]),
    ("FROM alpine AS", [(1, "FROM takes an image, and AS with a name in lower case")]),
    ("FROM", [(1, "FROM without an argument")]),
    ("FROM a\n\nCOPY a", [(3, "COPY takes a source and a destination")]),
    ("FROM a\nCOPY --from=b /c", [(2, "COPY takes a source and a destination")]),
    ("FROM a\nEXPOSE http", [(2, "EXPOSE takes port numbers")]),
    ("FROM a\nLABEL x", [(2, "LABEL takes name=value")]),
    ("FROM a\nENV x", [(2, "ENV takes name=value")]),
    (
        "FROM a\nCMD ['ls']",
        [(2, "CMD: the brackets hold no JSON list of texts, so that it is taken for a shell command")],
    ),
    (
        'FROM a\nENTRYPOINT ["ls", 1]',
        [(2, "ENTRYPOINT: the brackets hold no JSON list of texts, so that it is taken for a shell command")],
    ),
]
COMPOSE = [
    ("services: {web: {image: a}}", []),
    ("name: x\nx-more: 1\nservices: {web: {build: ., x-a: 1}}", []),
    ("services: {web: {image: a, depends_on: [db]}, db: {image: b}}", []),
    ("services: {web: {image: a, depends_on: {db: {condition: service_started}}}, db: {image: b}}", []),
    ("services: {web: {image: a, volumes: ['d:/d', ./x:/x, /y, '~/z:/z', '${V}:/v']}}\nvolumes: {d: }", []),
    ("services: {web: {image: a, volumes: [{type: bind, source: ./a, target: /a}]}}", []),
    ("services: {web: {image: a, networks: [default]}}", []),
    ("include: [b.yaml]\nservices: {web: {image: a, depends_on: [db]}}", []),
    ("services: {web: {image: a, secrets: [{source: s}]}}\nsecrets: {s: {file: s.txt}}", []),
    ("servces: 1\nservices: {web: {image: a}}", ["the file has an unknown key “servces”, did you mean “services”?"]),
    ("services: {web: {image: a, prts: []}}", ["the service web has an unknown key “prts”, did you mean “ports”?"]),
    ("services: [web]", ["“services” holds no services"]),
    ("services: {web: }", ["the service web has no keys"]),
    ("services: {web: {ports: []}}", ["the service web has neither “image” nor “build”"]),
    (
        "services: {web: {image: a, depends_on: [db]}}",
        ["the service web names “db”, which stands nowhere under “services”"],
    ),
    (
        "services: {web: {image: a, networks: {back: }}}",
        ["the service web names “back”, which stands nowhere under “networks”"],
    ),
    (
        "services: {web: {image: a, volumes: ['d:/d']}}",
        ["the service web names “d”, which stands nowhere under “volumes”"],
    ),
    (
        "services: {web: {image: a, volumes: [{source: d, target: /d}], secrets: [s]}}",
        [
            "the service web names “d”, which stands nowhere under “volumes”",
            "the service web names “s”, which stands nowhere under “secrets”",
        ],
    ),
]
SHELL = [
    ("ls -l | grep x && docker ps", []),
    ("sudo docker run -itd --name a -p8080:80 --env=A=b alpine:3.21 sh --no-such-option", []),
    ("docker run --rm -v ./a:/b --memory 512m alpine", []),
    ("docker compose -f a.yaml up -d", []),
    ("docker --version", []),
    ("docker", []),
    ("docker inspect -f '{{.State.Pid}}' web", []),
    ("docker ps | docker rmm web", ["Docker has no command “rmm”"]),
    ("docker runn alpine", ["Docker has no command “runn”"]),
    ("docker run --nam a alpine", ["“docker run” has no option “--nam”, did you mean “--name”?"]),
    ("docker run -dZ alpine", ["“docker run” has no option “-Z”"]),
    ("docker run --memory", ["the option “--memory” of “docker run” needs a value"]),
    ("docker run --rm=maybe alpine", ["“--rm=maybe”: the option takes true or false"]),
    ("docker ps |", ["nothing stands before or after an operator such as |"]),
    ("docker ps >", ["nothing stands after a redirection such as >"]),
    ("echo 'a", ["a quote or a backslash is left open"]),
]


@pytest.mark.parametrize(("text", "found"), DOCKERFILES)
def test_a_dockerfile_is_read(text: str, found: list[tuple[int, str]]) -> None:
    assert list(dockerfile.faults(text)) == found


@pytest.mark.parametrize(("text", "found"), COMPOSE)
def test_a_compose_file_is_read(text: str, found: list[str]) -> None:
    document: dict[str, Any] = yaml.safe_load(text)

    assert compose.is_compose(document)
    assert list(compose.faults(document)) == found


@pytest.mark.parametrize("document", [None, 3, [], {"volumes": {}}])
def test_other_yaml_is_not_meant_for_compose(document: object) -> None:
    assert not compose.is_compose(document)


@pytest.mark.parametrize(("command", "found"), SHELL)
def test_a_command_line_is_read(command: str, found: list[str]) -> None:
    told = list(console.faults(command))

    assert [one.partition(", did")[0] for one in told] == [one.partition(", did")[0] for one in found]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("ls\n\n# a comment\npwd", [(1, "ls"), (4, "pwd")]),
        ("$ ls\na  b\nroot@web:/# pwd\n/", [(1, "ls"), (3, "pwd")]),
        ("host-a$ ls\nhost-b$ pwd", [(1, "ls"), (2, "pwd")]),
        ("docker run \\\n  alpine\nls", [(1, "docker run   alpine"), (3, "ls")]),
        ("cat <<EOF\nit's text\nEOF\nls", [(1, "cat <<EOF"), (4, "ls")]),
    ],
)
def test_what_is_typed_is_told_from_what_is_printed(text: str, commands: list[tuple[int, str]]) -> None:
    assert list(console.commands(text)) == commands
