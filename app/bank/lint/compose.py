"""Compose files: the keys that may stand at the top and in a service, and the names that must be declared.

After the Compose specification; a test compares the keys with its JSON schema.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.bank.problems import suggest


def _words(told: str) -> frozenset[str]:
    return frozenset(told.split())


TOP = _words("configs include jobs models name networks secrets services version volumes")
SERVICE = _words(
    "annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs container_name"
    " cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset credential_spec"
    " depends_on deploy develop device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint env_file"
    " environment expose extends external_links extra_hosts gpus group_add healthcheck hostname image init ipc"
    " isolation label_file labels links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit"
    " models network_mode networks oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_start"
    " pre_stop privileged profiles provider pull_policy pull_refresh_after read_only restart runtime scale secrets"
    " security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits umask"
    " use_api_socket user userns_mode uts volumes volumes_from working_dir"
)
_SOURCES = frozenset({"image", "build", "extends", "provider"})
_VOLUME_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")


def is_compose(document: object) -> bool:
    """Whether a YAML document is meant for Compose."""
    return isinstance(document, Mapping) and "services" in document


def faults(document: Mapping[str, Any]) -> Iterator[str]:
    """The words of each fault of a Compose file."""
    yield from _unknown(document, TOP, "the file")
    services = document["services"]
    if not isinstance(services, Mapping):
        yield "“services” holds no services"
        return
    for name, service in services.items():
        if not isinstance(service, Mapping):
            yield f"the service {name} has no keys"
            continue
        yield from _unknown(service, SERVICE, f"the service {name}")
        if not service.keys() & _SOURCES:
            yield f"the service {name} has neither “image” nor “build”"
        yield from _undeclared(name, service, document)


def _unknown(part: Mapping[str, Any], known: frozenset[str], where: str) -> Iterator[str]:
    for key in part:
        if key not in known and not str(key).startswith("x-"):
            hint = suggest(key, known)
            yield f"{where} has an unknown key “{key}”" + (f", {hint}" if hint else "")


def _undeclared(name: str, service: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    """What a service names and the file does not declare; an included file may."""
    if "include" in document or "extends" in service:
        return
    used = {
        "services": _names(service.get("depends_on")),
        "networks": _names(service.get("networks")) - {"default"},
        "volumes": set(filter(_VOLUME_NAME.fullmatch, _sources(service.get("volumes")))),
        "secrets": _sources(service.get("secrets")),
        "configs": _sources(service.get("configs")),
    }
    for kind, names in used.items():
        for missing in sorted(names - _names(document.get(kind))):
            yield f"the service {name} names “{missing}”, which stands nowhere under “{kind}”"


def _names(value: object) -> set[str]:
    """The names of a list, or the keys of a mapping."""
    return {one for one in value if isinstance(one, str)} if isinstance(value, list | Mapping) else set()


def _sources(value: object) -> set[str]:
    """What stands before the first colon of each entry, or its `source`."""
    found = set()
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, Mapping):
            source = entry.get("source")
            if entry.get("type", "volume") == "volume" and isinstance(source, str):
                found.add(source)
        elif isinstance(entry, str) and (":" in entry or "/" not in entry):
            found.add(entry.partition(":")[0])
    return found
