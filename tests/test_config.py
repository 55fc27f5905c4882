"""Settings: read from the environment, checked all at once, with a secret that is made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.config import Settings, SettingsError


def test_a_private_installation_needs_no_setting(tmp_path: Path) -> None:
    settings = Settings.from_env({"RAPPEL_INSTANCE": str(tmp_path)})

    assert (settings.host, settings.port, settings.is_sqlite, settings.secure) == ("127.0.0.1", 8000, True, False)


def test_every_wrong_setting_is_told_at_once(tmp_path: Path) -> None:
    wrong = {
        "RAPPEL_PORT": "http",
        "RAPPEL_TRUSTED_PROXIES": "-1",
        "RAPPEL_BASE_URL": "rappel",
        "RAPPEL_HOST": "0.0.0.0",
    }

    with pytest.raises(SettingsError) as told:
        Settings.from_env({"RAPPEL_INSTANCE": str(tmp_path), **wrong})

    named = [line.split(":")[0] for line in str(told.value).splitlines()]
    assert sorted(named) == ["RAPPEL_BASE_URL", "RAPPEL_PORT", "RAPPEL_SECRET_KEY", "RAPPEL_TRUSTED_PROXIES"]


@pytest.mark.parametrize(
    "reached", [{"RAPPEL_HOST": "0.0.0.0"}, {"RAPPEL_BASE_URL": "https://rappel.example.org"}, {"RAPPEL_HOST": "::"}]
)
def test_what_others_reach_must_bring_its_own_secret(tmp_path: Path, reached: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="RAPPEL_SECRET_KEY"):
        Settings.from_env({"RAPPEL_INSTANCE": str(tmp_path), **reached})


def test_first_starts_at_the_same_instant_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: Settings.from_env({"RAPPEL_INSTANCE": str(tmp_path)}).secret_key, range(8)))

    assert len(found) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_the_secret_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    Settings.from_env({"RAPPEL_INSTANCE": str(tmp_path)})

    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_an_emptied_secret_is_said_and_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("")

    with pytest.raises(SettingsError, match="empty"):
        Settings.from_env({"RAPPEL_INSTANCE": str(tmp_path)})
