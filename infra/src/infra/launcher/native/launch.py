"""Bringing an assembly up: what must come before what, and all else at once."""

import asyncio
from collections.abc import Mapping

from contracts.topology import SERVICES

from infra.components.console import CONSOLE
from infra.components.postgres import programs as postgres_programs
from infra.components.process_spec import ProcessSpec, StartOrder
from infra.components.rabbitmq import programs as rabbitmq_programs
from infra.components.rabbitmq.declarer import declare
from infra.components.replicas import Replicas
from infra.components.service import Service, handed_on
from infra.launcher.native.native_components import NativeComponents
from infra.launcher.progress import Progress
from infra.machine import certificates
from infra.machine.packages import Package
from infra.machine.private_file import write_private
from infra.machine.user_error import UserError, log_of
from infra.machine.waiting import together, until_ready

READY_WITHIN = 60  # seconds, for any one part


class Launch:
    """One run of `up`. Every method raises UserError where a part does not come up."""

    def __init__(self, assembly: NativeComponents, progress: Progress) -> None:
        self._assembly = assembly
        self._progress = progress

    async def everything(self, replicas: Replicas) -> None:
        """Start what is not running, and wait until all of it is ready."""
        if not rabbitmq_programs.installed():
            await self._install(rabbitmq_programs.PACKAGE)
        if self._lacks_postgres():
            await self._install(postgres_programs.PACKAGE)
        self._supervise(replicas)
        self._configure_console()
        await together(
            self._broker(),
            self._database(),
            self.start(self._assembly.traces.name),
            self.start(self._assembly.control.name),
        )
        processes = (name for service in SERVICES for name in self._assembly.processes_of(service))
        await together(*map(self.start, (*processes, CONSOLE)))

    async def start(self, name: str) -> None:
        """Start one part where it is not running, or only a restart fixes it, and wait until it is ready."""
        part = self._assembly.parts[name]
        was_running = name in self._assembly.running() and not await self._stopped_to_fix(part)
        with self._progress.step(name, f"{part.address}{' (was running)' if was_running else ''}"):
            self._assembly.supervision.start(name)
            await self._await_ready(part, was_running=was_running)

    def _lacks_postgres(self) -> bool:
        environment = self._assembly.environment
        needed = postgres_programs.needs_system(tls=self._assembly.home.tls.on)
        is_named = bool(environment.get(postgres_programs.VARIABLE))
        return needed and not is_named and not postgres_programs.installed(environment)

    async def _install(self, package: Package) -> None:
        with self._progress.step("install", f"{package.apt}, with apt"):
            await package.install(self._progress.note)

    def _supervise(self, replicas: Replicas) -> None:
        supervision, parts = self._assembly.supervision, self._assembly.parts_with(replicas)
        if supervision.running():
            self._refuse_changes(parts)
            self._refuse_unusable_ports(parts)
            self._remember(replicas)
            supervision.exchange_replicas(parts.values())
        else:
            supervision.shutdown()  # of what a killed supervisor left behind
            self._refuse_unusable_ports(parts)
            if self._assembly.home.tls.on:
                listeners = (self._assembly.broker.name, self._assembly.postgres.name, *SERVICES, CONSOLE)
                certificates.issue(self._assembly.home.tls, listeners)
            write_private(self._assembly.home.ports, self._assembly.ports.model_dump_json(indent=2))
            self._remember(replicas)
            supervision.launch(parts.values())

    def _remember(self, replicas: Replicas) -> None:
        write_private(self._assembly.home.replicas, str(replicas))

    def _refuse_changes(self, parts: Mapping[str, ProcessSpec]) -> None:
        self._assembly.ports.refuse_moved(self._assembly.home.ports)
        known = self._assembly.supervision.processes().values()
        lasting = {part.name for part in parts.values() if part.start_order is not StartOrder.REPLICAS}
        if {process.name for process in known if not process.is_replica} != lasting:
            raise UserError(
                "supervisor", "the running processes belong to another version; type `make down` first"
            )

    def _refuse_unusable_ports(self, parts: Mapping[str, ProcessSpec]) -> None:
        running = self._assembly.running()
        missing = (part for part in parts.values() if part.name not in running)
        self._assembly.ports.refuse_unusable(port for part in missing for port in part.ports)

    async def _broker(self) -> None:
        broker = self._assembly.broker
        broker.configure()
        await self.start("epmd")
        await self.start("rabbitmq")
        with self._progress.step("topology", "exchanges, queues and one user for each that may connect"):
            # Services that ran before may be of an earlier release; they lose nothing while they run.
            left = await declare(broker, keep_old=not set(SERVICES).isdisjoint(self._assembly.running()))
        for line in left:
            self._progress.note(line)

    async def _database(self) -> None:
        postgres = self._assembly.postgres
        postgres.prepare()
        if not postgres.initialized:
            with self._progress.step("initdb", "PostgreSQL's data directory"):
                await postgres.initialize()
        postgres.configure()
        await self.start("postgres")
        with self._progress.step("migrations", "one database for each service"):
            await postgres.databases.provision(SERVICES)
            await together(*map(self._migrate, self._assembly.services.values()))

    async def _migrate(self, service: Service) -> None:
        variables = service.variables(
            database_url=self._assembly.postgres.databases.url(service.name),
            amqp_url=self._assembly.broker.url(service.name),
            more={**self._assembly.traces.settings(), **handed_on(self._assembly.environment)},
        )
        service.configure(variables)
        await service.migrate()

    def _configure_console(self) -> None:
        stack = self._assembly
        urls = {name: stack.url(name) for name in SERVICES}
        stack.console.configure(
            stack.console.variables(
                urls, stack.broker.management_url, {**stack.traces.settings(), **stack.control.settings()}
            )
        )

    async def _stopped_to_fix(self, part: ProcessSpec) -> bool:
        """Stop a running part that only a restart fixes, and tell the user. It loses nothing by that."""
        fault = await part.beyond_waiting() if part.beyond_waiting else None
        if fault is None:
            return False
        self._progress.note(f"{part.name}: {fault}. It is restarted; nothing is lost by that")
        await asyncio.to_thread(self._assembly.supervision.stop, part.name)
        return True

    async def _await_ready(self, part: ProcessSpec, *, was_running: bool) -> None:
        """A part that ran before is left running, whatever our probe says: the probe itself may fail."""
        supervision = self._assembly.supervision
        first = supervision.process(part.name)

        async def missing() -> str | None:
            process = supervision.process(part.name)
            if not process.alive or process.pid != first.pid:
                raise ChildProcessError(process.end)
            return await part.missing()

        try:
            await until_ready(missing, READY_WITHIN)
        except (ChildProcessError, TimeoutError) as error:
            if not was_running:
                supervision.stop(part.name)
            raise UserError(part.name, str(error), log_of(self._assembly.home.log(part.name))) from None
