"""The options of the Docker command line, as data.

What the Docker CLI 28.2 accepts (its own help), and Compose v2 and Buildx (their reference pages), with
a few older spellings that still work: `--net`, `--time`, `docker volume create --name`.

One block a command: its name and its aliases, in parentheses what its operands are, then its options.

    image   the operands are images (only the first where options end at it)
    +       several operands of one kind, whose order does not matter
    >       the options end at the first operand; what follows belongs to another program

An option is written `p/publish*`: its short form, if any, its long form, and how it takes values.

    detach      a flag                          name=       one value, the last one wins
    sig-proxy!  a flag that is on by default    publish*    a value each time, all of them count
    new|old=    an older spelling as well       name^       the same as an operand

`@run` stands for all the options of that command, and `-name` takes one of them away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_TABLE = """\
: config= c/context= D/debug H/host* l/log-level= tls tlscacert= tlscert= tlskey= tlsverify v/version
container run, run (image >): add-host* annotation* a/attach* blkio-weight= blkio-weight-device* cap-add* cap-drop*
    cgroup-parent= cgroupns= cidfile= cpu-count= cpu-percent= cpu-period= cpu-quota= cpu-rt-period= cpu-rt-runtime=
    c/cpu-shares= cpus= cpuset-cpus= cpuset-mems= d/detach detach-keys= device* device-cgroup-rule* device-read-bps*
    device-read-iops* device-write-bps* device-write-iops* disable-content-trust! dns* dns-option|dns-opt*
    dns-search* domainname= entrypoint= e/env* env-file* expose* gpus* group-add* health-cmd= health-interval=
    health-retries= health-start-interval= health-start-period= health-timeout= h/hostname= init i/interactive
    io-maxbandwidth= io-maxiops= ip= ip6= ipc= isolation= kernel-memory= l/label* label-file* link* link-local-ip*
    log-driver= log-opt* mac-address= m/memory= memory-reservation= memory-swap= memory-swappiness= mount* name=
    network|net* network-alias|net-alias* no-healthcheck oom-kill-disable oom-score-adj= pid= pids-limit= platform=
    privileged p/publish* P/publish-all pull= q/quiet read-only restart= rm runtime= security-opt* shm-size=
    sig-proxy! stop-signal= stop-timeout= storage-opt* sysctl* tmpfs* t/tty ulimit* use-api-socket u/user= userns=
    uts= v/volume* volume-driver= volumes-from* w/workdir=
container exec, exec (>): d/detach detach-keys= e/env* env-file* i/interactive privileged t/tty u/user= w/workdir=
container ls, container list, container ps, ps: a/all f/filter* format= n/last= l/latest no-trunc q/quiet s/size
image pull, pull (image): a/all-tags disable-content-trust! platform= q/quiet
image push, push (image): a/all-tags disable-content-trust! platform= q/quiet
image ls, image list, images: a/all digests f/filter* format= no-trunc q/quiet tree
search: f/filter* format= limit= no-trunc
version: f/format=
system info, info: f/format=
container attach, attach: detach-keys= no-stdin sig-proxy!
container commit, commit: a/author= c/change* m/message= p/pause!
container cp, cp: a/archive L/follow-link q/quiet
container create, create (image >): @run -detach -detach-keys -sig-proxy
container diff, diff:
container export, export: o/output=
container inspect (+): f/format= s/size
container kill, kill (+): s/signal=
container logs, logs: details f/follow since= n/tail= t/timestamps until=
container pause, pause (+):
container port, port:
container prune: filter* f/force
container rename, rename:
container restart, restart (+): s/signal= t/timeout|time=
container rm, container remove, rm (+): f/force l/link v/volumes
container start, start (+): a/attach checkpoint= checkpoint-dir= detach-keys= i/interactive
container stats, stats (+): a/all format= no-stream no-trunc
container stop, stop (+): s/signal= t/timeout|time=
container top, top (>):
container unpause, unpause (+):
container update, update (+): blkio-weight= cpu-period= cpu-quota= cpu-rt-period= cpu-rt-runtime= c/cpu-shares=
    cpus= cpuset-cpus= cpuset-mems= m/memory= memory-reservation= memory-swap= pids-limit= restart=
container wait, wait (+):
context create: description= docker* from=
context export:
context import:
context inspect: f/format=
context ls, context list: format= q/quiet
context rm, context remove (+): f/force
context show:
context update: description= docker*
context use:
image history, history (image): format= H/human no-trunc platform= q/quiet
image import, import: c/change* m/message= platform=
image inspect (image +): f/format= platform=
image load, load: i/input= platform= q/quiet
image prune: a/all filter* f/force
image rm, image remove, rmi (image +): f/force no-prune platform*
image save, save (image +): o/output= platform=
image tag, tag (image):
manifest annotate: arch= os= os-features* os-version= variant=
manifest create (+): a/amend insecure
manifest inspect: insecure v/verbose
manifest push: insecure p/purge
manifest rm (+):
network connect: alias* driver-opt* gw-priority= ip= ip6= link* link-local-ip*
network create: attachable aux-address* config-from= config-only d/driver= gateway* ingress internal ip-range*
    ipam-driver= ipam-opt* ipv4 ipv6 label* o/opt* scope= subnet*
network disconnect: f/force
network inspect (+): f/format= v/verbose
network ls, network list: f/filter* format= no-trunc q/quiet
network prune: filter* f/force
network rm, network remove (+): f/force
system df: format= v/verbose
system events, events: f/filter* format= since= until=
system prune: a/all filter* f/force volumes
volume create: availability= d/driver= group= label* limit-bytes= name^ o/opt* required-bytes= scope= secret*
    sharing= topology-preferred* topology-required* type=
volume inspect (+): f/format=
volume ls, volume list: cluster f/filter* format= q/quiet
volume prune: a/all filter* f/force
volume rm, volume remove (+): f/force
volume update: availability=
node demote (+):
node inspect (+): f/format= pretty
node ls, node list: f/filter* format= q/quiet
node promote (+):
node ps (+): f/filter* format= no-resolve no-trunc q/quiet
node rm, node remove (+): f/force
node update: availability= label-add* label-rm* role=
service create (image >): cap-add* cap-drop* config* constraint* container-label* credential-spec= d/detach dns*
    dns-option|dns-opt* dns-search* endpoint-mode= entrypoint= e/env* env-file* generic-resource* group* health-cmd=
    health-interval= health-retries= health-start-interval= health-start-period= health-timeout= host* hostname=
    init isolation= l/label* limit-cpu= limit-memory= limit-pids= log-driver= log-opt* max-concurrent= mode= mount*
    name= network|net* no-healthcheck no-resolve-image oom-score-adj= placement-pref* p/publish* q/quiet read-only
    replicas= replicas-max-per-node= reserve-cpu= reserve-memory= restart-condition= restart-delay=
    restart-max-attempts= restart-window= rollback-delay= rollback-failure-action= rollback-max-failure-ratio=
    rollback-monitor= rollback-order= rollback-parallelism= secret* stop-grace-period= stop-signal= sysctl* t/tty
    ulimit* update-delay= update-failure-action= update-max-failure-ratio= update-monitor= update-order=
    update-parallelism= u/user= with-registry-auth w/workdir=
service inspect (+): f/format= pretty
service logs: details f/follow no-resolve no-task-ids no-trunc raw since= n/tail= t/timestamps
service ls, service list: f/filter* format= q/quiet
service ps (+): f/filter* format= no-resolve no-trunc q/quiet
service rm, service remove (+):
service rollback: d/detach q/quiet
service scale (+): d/detach
service update: args= cap-add* cap-drop* config-add* config-rm* constraint-add* constraint-rm* container-label-add*
    container-label-rm* credential-spec= d/detach dns-add* dns-option-add* dns-option-rm* dns-rm* dns-search-add*
    dns-search-rm* endpoint-mode= entrypoint= env-add* env-rm* force generic-resource-add* generic-resource-rm*
    group-add* group-rm* health-cmd= health-interval= health-retries= health-start-interval= health-start-period=
    health-timeout= host-add* host-rm* hostname= image= init isolation= label-add* label-rm* limit-cpu=
    limit-memory= limit-pids= log-driver= log-opt* max-concurrent= mount-add* mount-rm* network-add* network-rm*
    no-healthcheck no-resolve-image oom-score-adj= placement-pref-add* placement-pref-rm* publish-add* publish-rm*
    q/quiet read-only replicas= replicas-max-per-node= reserve-cpu= reserve-memory= restart-condition=
    restart-delay= restart-max-attempts= restart-window= rollback rollback-delay= rollback-failure-action=
    rollback-max-failure-ratio= rollback-monitor= rollback-order= rollback-parallelism= secret-add* secret-rm*
    stop-grace-period= stop-signal= sysctl-add* sysctl-rm* t/tty ulimit-add* ulimit-rm* update-delay=
    update-failure-action= update-max-failure-ratio= update-monitor= update-order= update-parallelism= u/user=
    with-registry-auth w/workdir=
stack config: c/compose-file* skip-interpolation
stack deploy, stack up: c/compose-file* d/detach! prune q/quiet resolve-image= with-registry-auth
stack ls, stack list: format=
stack ps: f/filter* format= no-resolve no-trunc q/quiet
stack rm, stack remove, stack down (+): d/detach!
stack services: f/filter* format= q/quiet
swarm ca: ca-cert= ca-key= cert-expiry= d/detach external-ca* q/quiet rotate
swarm init: advertise-addr= autolock availability= cert-expiry= data-path-addr= data-path-port= default-addr-pool*
    default-addr-pool-mask-length= dispatcher-heartbeat= external-ca* force-new-cluster listen-addr= max-snapshots=
    snapshot-interval= task-history-limit=
swarm join: advertise-addr= availability= data-path-addr= listen-addr= token=
swarm join-token: q/quiet rotate
swarm leave: f/force
swarm unlock:
swarm unlock-key: q/quiet rotate
swarm update: autolock cert-expiry= dispatcher-heartbeat= external-ca* max-snapshots= snapshot-interval=
    task-history-limit=
inspect (+): f/format= s/size type=
image build, build, builder build, buildx build, buildx b: add-host* allow* annotation* attest* build-arg*
    build-context* builder= cache-from* cache-to* call= cgroup-parent= check compress cpu-period= cpu-quota=
    c/cpu-shares= cpuset-cpus= cpuset-mems= D/debug disable-content-trust! f/file= force-rm iidfile= isolation=
    label* load m/memory= memory-swap= metadata-file= network= no-cache no-cache-filter* o/output* platform*
    progress= provenance= pull push q/quiet rm! sbom= secret* security-opt* shm-size= squash ssh* t/tag* target=
    ulimit*
buildx: builder= D/debug
buildx bake (+): allow* builder= call= check f/file* list= load metadata-file= no-cache print progress= provenance=
    pull push sbom= set*
buildx create: append bootstrap builder= buildkitd-config|config= buildkitd-flags= driver= driver-opt* leave name=
    node= platform* use
buildx du: builder= filter* verbose
buildx inspect: bootstrap builder=
buildx ls: format= no-trunc
buildx prune, builder prune: a/all builder= filter* f/force keep-storage= max-used-space= min-free-space=
    reserved-space= verbose
buildx rm (+): all-inactive builder= f/force keep-daemon keep-state
buildx stop: builder=
buildx use: builder= default global
buildx version:
buildx imagetools create (+): annotation* append builder= dry-run f/file* progress= t/tag*
buildx imagetools inspect: builder= format= raw
login: p/password= password-stdin u/username=
logout:
compose: all-resources ansi= compatibility dry-run env-file* f/file* parallel= profile* progress= project-directory=
    p/project-name=
compose attach: detach-keys= index= no-stdin sig-proxy!
compose build (+): build-arg* builder= check m/memory= no-cache print provenance= pull push q/quiet sbom= ssh=
    with-dependencies
compose config, compose convert (+): environment filter* format= hash= images lock-image-digests models networks
    no-consistency no-env-resolution no-interpolate no-normalize no-path-resolution o/output= profiles q/quiet
    resolve-image-digests services variables volumes
compose cp: a/archive L/follow-link index=
compose create (+): build force-recreate no-build no-recreate pull= quiet-pull remove-orphans scale* y/yes
compose down (+): remove-orphans rmi= t/timeout= v/volumes
compose events (+): json since= until=
compose exec (>): d/detach e/env* index= i/interactive! T/no-tty|no-TTY privileged t/tty! u/user= w/workdir=
compose images (+): format= q/quiet
compose kill (+): remove-orphans s/signal=
compose logs (+): f/follow index= no-color no-log-prefix since= n/tail= t/timestamps until=
compose ls: a/all filter* format= q/quiet
compose pause (+):
compose port: index= protocol=
compose ps (+): a/all filter= format= no-trunc orphans! q/quiet services status*
compose pull (+): ignore-buildable ignore-pull-failures include-deps policy= q/quiet
compose push (+): ignore-push-failures include-deps q/quiet
compose restart (+): no-deps t/timeout=
compose rm (+): f/force s/stop v/volumes
compose run (>): build cap-add* cap-drop* d/detach entrypoint= e/env* env-from-file* i/interactive! l/label* name=
    no-build no-deps T/no-tty|no-TTY p/publish* pull= q/quiet quiet-build quiet-pull remove-orphans rm
    P/service-ports t/tty! use-aliases u/user= v/volume* w/workdir=
compose scale (+): no-deps
compose start (+): wait wait-timeout=
compose stats: a/all format= no-stream no-trunc
compose stop (+): t/timeout=
compose top (+):
compose unpause (+):
compose up (+): abort-on-container-exit abort-on-container-failure always-recreate-deps attach* attach-dependencies
    build d/detach exit-code-from= force-recreate menu no-attach* no-build no-color no-deps no-log-prefix
    no-recreate no-start pull= quiet-build quiet-pull remove-orphans V/renew-anon-volumes scale* t/timeout=
    timestamps wait wait-timeout= w/watch y/yes
compose version: f/format= short
compose volumes (+): format= q/quiet
compose wait (+): down-project
compose watch (+): no-up prune! quiet
"""

_KINDS = "=*!^"
_HELP = "help"


@dataclass(frozen=True, slots=True)
class Option:
    """One option: `long` and `short` without dashes (`short` is "" when there is none)."""

    long: str
    short: str
    takes_value: bool
    repeatable: bool
    on_by_default: bool
    is_operand: bool

    @property
    def label(self) -> str:
        """How a person names it: `-p/--publish`, or `--name`."""
        return f"-{self.short}/--{self.long}" if self.short else f"--{self.long}"


@dataclass(frozen=True, slots=True)
class Command:
    """One command; `options` has every spelling, dashes included (`-p`, `--publish`)."""

    name: str
    options: Mapping[str, Option]
    operands_are_images: bool
    any_order: bool
    ends_options: bool


def find_command(words: tuple[str, ...]) -> tuple[Command, int] | None:
    """The command that `words` begin with (those after `docker` and its own options), and how many words name it."""
    for size in range(min(len(words), _DEEPEST), 0, -1):
        if command := COMMANDS.get(" ".join(words[:size])):
            return command, size
    return None


def _read_option(text: str) -> list[tuple[str, Option]]:
    """Every spelling of one option of the table."""
    names, kind = (text[:-1], text[-1]) if text[-1] in _KINDS else (text, "")
    short, _, longs = names.rpartition("/")
    spellings = longs.split("|")
    option = Option(spellings[0], short, kind in ("=", "*", "^"), kind == "*", kind == "!", kind == "^")
    return [(f"-{short}", option)] * bool(short) + [(f"--{long}", option) for long in spellings]


def _read_block(block: list[str], known: Mapping[str, Command]) -> dict[str, Command]:
    """One block of the table, under each of its names."""
    head, _, written = " ".join(block).partition(":")
    names, _, shape = head.removesuffix(")").partition(" (")
    options = dict(_read_option(_HELP))
    if names.startswith("compose "):
        options |= _read_option("dry-run")
    for word in written.split():
        if word[0] == "@":
            options |= known[word[1:]].options
        elif word[0] == "-":
            options = {spelling: option for spelling, option in options.items() if option.long != word[1:]}
        else:
            options |= _read_option(word)
    first = names.split(", ")[0]
    kinds = shape.split()
    command = Command(first, MappingProxyType(options), "image" in kinds, "+" in kinds, ">" in kinds)
    return {name: command for name in names.split(", ")}


def _read_table(table: str) -> dict[str, Command]:
    known: dict[str, Command] = {}
    block: list[str] = []
    for line in [*table.splitlines(), ":"]:
        if not line.startswith(" ") and block:
            known |= _read_block(block, known)
            block = []
        block.append(line)
    return known


COMMANDS: Mapping[str, Command] = MappingProxyType(_read_table(_TABLE))
"""Every command under each of its names: "container ls", "ps" …; "" and "compose" hold what may stand before it."""

_DEEPEST = max(len(name.split()) for name in COMMANDS)
