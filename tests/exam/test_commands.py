"""Commands compared as the shell and Docker read them."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exam import commands, comparison
from app.exam.comparison import Comparison, compare, compare_best
from app.exam.differences import CODES, Fate
from tests.effort import takes_at_most

NGINX = "docker run -d -p 8080:80 nginx:1.27"

EQUAL = [
    (NGINX, NGINX),
    (NGINX, "docker run -p 8080:80 -d nginx:1.27"),
    (NGINX, "docker run -dp 8080:80 nginx:1.27"),
    (NGINX, "docker run -dp8080:80 nginx:1.27"),
    (NGINX, "docker run --detach --publish=8080:80 nginx:1.27"),
    (NGINX, "docker run --detach=true --publish 8080:80 nginx:1.27"),
    (NGINX, "docker run -d -p=8080:80 nginx:1.27"),
    (NGINX, "docker run -d -d -p 8080:80 nginx:1.27"),
    (NGINX, "docker container run -d -p 8080:80 nginx:1.27"),
    (NGINX, "sudo docker run -d -p 8080:80 nginx:1.27"),
    (NGINX, "$ docker run -d -p 8080:80 nginx:1.27"),
    (NGINX, "# docker run -d -p 8080:80 nginx:1.27"),
    (NGINX, "docker run -d \\\n  -p 8080:80 \\\n  nginx:1.27\n"),
    (NGINX, "  docker   run -d\u00a0-p 8080:80 nginx:1.27  "),
    (NGINX, "docker run -d -p 8080:80/tcp nginx:1.27"),
    (NGINX, "docker run -d -p \"8080:80\" 'nginx:1.27'"),
    (NGINX, "docker run -d -p “8080:80” nginx:1.27"),
    (NGINX, "docker run —detach —publish 8080:80 nginx:1.27"),
    (NGINX, "docker run –d –p 8080:80 nginx:1.27"),
    (NGINX, "docker run -d -p 8080:80 nginx:1.27 # a web server"),
    (NGINX, "docker run -d -p 8080:80 nginx:1.27;"),
    (NGINX, "docker run -d -p 8080:80 docker.io/library/nginx:1.27"),
    (NGINX, "docker run -d -p 8080:80 -- nginx:1.27"),
    (NGINX, "docker run --rm=false -d -p 8080:80 nginx:1.27"),
    (NGINX, "docker run -d=false -d -p 8080:80 nginx:1.27"),
    ("docker run nginx", "docker run nginx:latest"),
    ("docker run -it alpine sh", "docker run -t -i alpine sh"),
    ("docker run -it alpine sh", "docker run -ti alpine sh"),
    ("docker run -it alpine sh", "docker run --tty --interactive alpine sh"),
    ("docker run --rm -it alpine", "docker run -it --rm alpine"),
    ("docker run -e A=1 -e B=2 alpine", "docker run --env B=2 -eA=1 alpine"),
    ("docker run --network none alpine", "docker run --net=none alpine"),
    ("docker run -m 512m alpine", "docker run --memory=512MB alpine"),
    ("docker run --memory 1g alpine", "docker run -m 1024m alpine"),
    ("docker run --cpus 1.5 alpine", "docker run --cpus=1.50 alpine"),
    ("docker run --name a alpine", "docker run --name b --name a alpine"),
    ("docker run -v data:/data alpine", "docker run --volume data:/data:rw alpine"),
    ("docker run -v $(pwd):/app alpine", 'docker run -v "$PWD":/app alpine'),
    ("docker run -v $PWD:/app alpine", "docker run -v ${PWD}:/app alpine"),
    (
        "docker run --mount type=bind,src=/a,dst=/b alpine",
        "docker run --mount target=/b,source=/a,type=bind alpine",
    ),
    ("docker run alpine sh -c 'ls -l'", 'docker run alpine sh -c "ls -l"'),
    ("docker ps", "docker container ls"),
    ("docker ps", "docker container ps"),
    ("docker ps -a", "docker container list --all"),
    ("docker -H tcp://host:2375 ps", "docker --host=tcp://host:2375 container ls"),
    ("docker images", "docker image ls"),
    ("docker rmi nginx", "docker image rm nginx"),
    ("docker rmi a b", "docker image remove b a"),
    ("docker rm -f web db", "docker container rm db web --force"),
    ("docker build -t app:1.0 .", "docker image build . --tag app:1.0"),
    ("docker build -t app .", "docker buildx build -t app:latest ."),
    ("docker history app", "docker image history app"),
    ("docker info", "docker system info"),
    ("docker stop -t 5 web", "docker stop --time=5 web"),
    ("docker stop $(docker ps -q)", "docker stop `docker container ls --quiet`"),
    ("docker stop $(docker ps -aq)", 'docker stop "$(docker ps -q -a)"'),
    ("docker volume create data", "docker volume create --name data"),
    ("docker network create -d bridge net", "docker network create --driver bridge net"),
    ("docker compose up -d", "docker-compose up --detach"),
    ("docker compose up -d web db", "docker compose up db web -d"),
    ("docker compose -f a.yaml up", "docker compose --file=a.yaml up"),
    ("docker compose config", "docker compose convert"),
    ("docker compose exec web sh -l", "docker compose exec web sh -l"),
    ("docker logs -f web", "docker container logs --follow web"),
    ("docker builder prune -a", "docker buildx prune --all"),
    ("docker ps -a | grep web", "docker container ls --all | grep web"),
    ("docker rm a && docker rm b", "docker container rm a && docker rm b"),
    ("docker save -o a.tar app", "docker image save --output=a.tar app"),
    ("docker save app > a.tar", "docker save app >a.tar"),
    ("docker rm a; docker rm b", "docker rm a\ndocker rm b"),
    ("DOCKER_BUILDKIT=1 docker build .", "DOCKER_BUILDKIT=1 docker build ."),
    ("ls -l -a", "ls -a -l"),
    ("cat file", "cat 'file'"),
]

WRONG = [
    (NGINX, "", Fraction(0), "missing_command"),
    (NGINX, "docker run -p 8080:80 nginx:1.27", Fraction(3, 4), "missing_option"),
    (NGINX, "docker run -d nginx:1.27", Fraction(3, 4), "missing_option"),
    (NGINX, "docker run -d -p 8080:80", Fraction(3, 4), "missing_argument"),
    (NGINX, "docker run -d -p 80:8080 nginx:1.27", Fraction(1, 2), "swapped_value"),
    (NGINX, "docker run -d -p 8080:81 nginx:1.27", Fraction(1, 2), "wrong_value"),
    (NGINX, "docker run -d -p 8080:80 nginx", Fraction(1, 2), "wrong_image"),
    (NGINX, "docker run -d -p 8080:80 NGINX:1.27", Fraction(1, 2), "case_differs"),
    (NGINX, "docker run -D -p 8080:80 nginx:1.27", Fraction(1, 2), "case_differs"),
    (NGINX, "docker run -d -P 8080:80 nginx:1.27", Fraction(1, 4), "case_differs"),
    (NGINX, "docker run -d -p 8080:80 --rm nginx:1.27", Fraction(3, 4), "extra_option"),
    (NGINX, "docker run -d -p 8080:80 --port nginx:1.27", Fraction(3, 4), "unknown_option"),
    (NGINX, "docker run -detach -p 8080:80 nginx:1.27", Fraction(1, 2), "one_dash"),
    (NGINX, "docker run --d -p 8080:80 nginx:1.27", Fraction(1, 2), "two_dashes"),
    (NGINX, "docker run -d nginx:1.27 -p", Fraction(1, 2), "extra_argument"),
    (NGINX, "docker run -d -p", Fraction(1, 4), "missing_value"),
    (NGINX, "docker run -d=maybe -p 8080:80 nginx:1.27", Fraction(1, 2), "not_a_flag_value"),
    (NGINX, "docker run nginx:1.27 -d -p 8080:80", Fraction(0), "misplaced_option"),
    (NGINX, "docker run nginx:1.27 -dp 8080:80", Fraction(0), "misplaced_option"),
    (NGINX, "docker start -d -p 8080:80 nginx:1.27", Fraction(1, 2), "wrong_command"),
    (NGINX, "podman run -d -p 8080:80 nginx:1.27", Fraction(0), "wrong_command"),
    (NGINX, "run -d -p 8080:80 nginx:1.27", Fraction(1, 2), "wrong_command"),
    (NGINX, "Docker run -d -p 8080:80 nginx:1.27", Fraction(1, 2), "case_differs"),
    (NGINX, "docker rnu -d -p 8080:80 nginx:1.27", Fraction(1, 2), "unknown_command"),
    (NGINX, "docker run -d -p 8080:80 'nginx:1.27", Fraction(3, 4), "not_closed_quote"),
    (NGINX, "docker run -d -p 8080:80 nginx:1.27 sh", Fraction(3, 4), "extra_argument"),
    (NGINX, "docker run -d -p 8080:80 nginx:1.27 && docker ps", Fraction(1, 2), "extra_command"),
    (NGINX, "docker run -d -p 8080:80 nginx:1.27 |", Fraction(1, 2), "dangling_operator"),
    (NGINX, "docker run -d -p 8080:80 nginx:1.27 >", Fraction(3, 4), "missing_target"),
    ("docker run -e A=1 -e B=2 alpine", "docker run -e A=1 alpine", Fraction(3, 4), "missing_option"),
    ("docker run -e A=1 alpine", "docker run -e A=1 -e A=1 alpine", Fraction(2, 3), "extra_option"),
    ("docker run alpine ls -l /", "docker run alpine ls / -l", Fraction(3, 5), "wrong_order"),
    ("docker tag a b", "docker tag b a", Fraction(1, 3), "wrong_order"),
    ("docker stop web", "docker rm web", Fraction(0), "wrong_command"),
    ("docker stop web", "docker stop db", Fraction(0), "wrong_argument"),
    ("docker rm web", "docker rm Web", Fraction(0), "case_differs"),
    ("docker inspect web", "docker container inspect web", Fraction(0), "wrong_command"),
    ("docker ps -a | grep web", "docker ps -a", Fraction(2, 5), "missing_command"),
    ("docker rm a && docker rm b", "docker rm a || docker rm b", Fraction(3, 5), "wrong_operator"),
    ("docker run -e 'A=$B' alpine", 'docker run -e "A=$B" alpine', Fraction(1, 3), "wrong_value"),
    ("docker compose up -d", "docker compose -d up", Fraction(0), "option_too_early"),
    ("docker compose up -d", "docker compose up", Fraction(1, 2), "missing_option"),
    ("docker run -p 80:80 alpine", "docker run -p 80:80/udp alpine", Fraction(1, 3), "wrong_value"),
    ("docker run alpine", "docker run alpine:3.21", Fraction(0), "wrong_image"),
    ("grep -e a file", "grep -e b file", Fraction(1, 2), "wrong_argument"),
    ("tar -c -f x", "tar -f -c x", Fraction(1, 2), "wrong_order"),
]


@pytest.mark.parametrize(("expected", "typed"), EQUAL)
def test_two_spellings_of_one_command_are_equal(expected: str, typed: str) -> None:
    found = compare(expected, typed)

    assert (found.credit, found.diff.is_empty) == (Fraction(1), True), found.diff


@pytest.mark.parametrize(("expected", "typed", "credit", "code"), WRONG)
def test_a_wrong_command_earns_its_right_parts_and_the_reason_is_named(
    expected: str, typed: str, credit: Fraction, code: str
) -> None:
    found = compare(expected, typed)

    assert (found.credit, code in {each.code for each in found.diff.causes}) == (credit, True), found.diff.causes


def test_every_cause_carries_the_parameters_its_code_declares() -> None:
    causes = [cause for expected, typed, _, _ in WRONG for cause in compare(expected, typed).diff.causes]

    assert [tuple(cause.params) for cause in causes] == [CODES[cause.code] for cause in causes]


def test_the_diff_shows_each_piece_of_both_commands() -> None:
    diff = compare(NGINX, "docker run --rm -p 80:8080 nginx:1.27").diff

    assert [(token.text, token.kind) for token in diff.given] == [
        ("docker run", Fate.SAME),
        ("--rm", Fate.EXTRA),
        ("-p 80:8080", Fate.DIFFERENT),
        ("nginx:1.27", Fate.SAME),
    ]
    assert [(token.text, token.kind) for token in diff.expected] == [
        ("docker run", Fate.SAME),
        ("-d", Fate.MISSING),
        ("-p 8080:80", Fate.DIFFERENT),
        ("nginx:1.27", Fate.SAME),
    ]


@pytest.mark.parametrize("typed", ["--name web --rm", "--name=web", "--rm", ""])
def test_ignored_options_may_be_there_and_do_not_count(typed: str) -> None:
    found = compare(NGINX, f"docker run {typed} -d -p 8080:80 nginx:1.27", ["--name", "--rm"])

    assert (found.credit, found.diff.causes) == (Fraction(1), ())


def test_an_ignored_option_may_be_given_in_its_short_form() -> None:
    found = compare("docker run --tty alpine", "docker run alpine", ["-t"])

    assert found.credit == 1


def test_ignored_options_of_the_accepted_command_are_not_counted_as_expected() -> None:
    found = compare("docker run --name web -d alpine", "docker run alpine", ["--name"])

    assert found.credit == Fraction(2, 3)


def test_the_accepted_command_that_earns_most_is_the_one_compared_with() -> None:
    found = compare_best(["docker rm web", "docker stop web -t 5"], "docker stop web")

    assert (found.credit, found.accepted) == (Fraction(2, 3), "docker stop web -t 5")


def test_nothing_typed_and_nothing_expected_is_right() -> None:
    assert Comparison(0, 0, 0, compare("", "").diff).credit == 1


OPTIONS = ["-d", "-p 8080:80", "-p 81:81", "--rm", "-it", "-e A=1", "--network=none", "-v data:/data:ro", "-m 512m"]


@given(st.lists(st.sampled_from(OPTIONS), max_size=6), st.randoms(use_true_random=False))
def test_reordering_options_never_changes_the_credit(options: list[str], random: object) -> None:
    mixed = sorted(options, key=lambda _: random.random())  # type: ignore[attr-defined]

    straight = compare(NGINX, f"docker run {' '.join(options)} nginx:1.27").credit
    shuffled = compare(NGINX, f"docker run {' '.join(mixed)} nginx:1.27").credit

    assert straight == shuffled


WORDS = st.sampled_from(
    [*OPTIONS, "docker", "run", "ps", "nginx:1.27", "|", "&&", ";", ">", "'", '"', "$(", ")", "--", "x"]
)
LINES = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60)


@given(LINES, LINES)
def test_credit_is_between_0_and_1_whatever_is_typed(expected: str, typed: str) -> None:
    assert 0 <= compare(expected, typed).credit <= 1


@given(LINES)
def test_a_command_a_shell_accepts_equals_itself_with_an_empty_diff(line: str) -> None:
    found = compare(line, line)

    assert commands.read(line).problems or (found.credit, found.diff.is_empty) == (Fraction(1), True)


@given(LINES, LINES)
def test_full_credit_means_that_nothing_differs(expected: str, typed: str) -> None:
    found = compare(expected, typed)

    assert (found.credit == 1) == (not found.wrong and found.right == found.expected)


NASTY = [
    "$(",
    "a ",
    "'",
    "\\",
    "`",
    ">",
    "-",
    "a;",
    "A=1 ",
    "docker run -d ",
    "x -p",
    '"$(',
    "|",
    "((",
    "—",
    "${a",
    "#",
]


@pytest.mark.parametrize("piece", NASTY)
def test_two_thousand_hostile_characters_are_compared_in_bounded_time(piece: str) -> None:
    text = (f"docker run x {piece * 2000}")[:2000]

    assert takes_at_most(1, lambda: comparison.compare_best([NGINX, "docker ps -a | grep web"], text))


@given(st.text(alphabet="$(`'\"\\<>|&;# a-=\n", max_size=200))
@settings(max_examples=300)
def test_any_line_of_shell_characters_can_be_read(text: str) -> None:
    script = commands.read(text)

    assert all(one.parts for one in script.invocations)
