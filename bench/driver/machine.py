"""How programs for Windows are run here: under Wine, in a prefix that nobody else uses, or on Windows itself.

Servers, client and Wine's server are pinned to one core: unpinned, two equal servers differ by a factor of two.
"""
import os
import signal
import subprocess

ENVIRONMENT = {'WINEDEBUG': '-all', 'WINEDLLOVERRIDES': 'winedbg.exe=d', 'DISPLAY': '',
               'NODE_SKIP_PLATFORM_CHECK': '1',          # it asks for more than Wine's Windows 7
               'DOTNET_EnableWriteXorExecute': '0'}      # without it PowerShell's engine ends at a garbage collection


class Machine:
    """What both have in common. `folder` gets the logs."""

    can_count = False

    def __init__(self, folder, core):
        self.folder = folder
        self.core = core
        os.makedirs(folder, exist_ok=True)
        self.empty = os.path.join(folder, 'empty')
        open(self.empty, 'wb').close()

    def path(self, path):
        return path.replace('/', '\\')

    def start(self, command, name):
        """Starts a server; what it says goes to a log. Node can neither read from a Unix pipe nor write to one."""
        with open(self.empty, 'rb') as nothing, open(self.log(name), 'wb') as log:
            return self.launch(command, stdin=nothing, stdout=log, stderr=log)

    def run(self, command, seconds):
        """Runs a client to its end. Returns what it printed; raises where it failed, with its own words."""
        out, err = self.log('client.out'), self.log('client.err')
        with open(self.empty, 'rb') as nothing, open(out, 'wb') as said, open(err, 'wb') as complained:
            process = self.launch(command, stdin=nothing, stdout=said, stderr=complained)
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                code = f'nothing after {seconds} seconds'
        if code != 0:
            raise RuntimeError(f'{" ".join(command)}: {code}: {read(err).strip()}')
        return read(out)

    def log(self, name):
        return os.path.join(self.folder, name)


class Wine(Machine):
    """Wine, in the prefix that scripts/bench has made."""

    can_count = True

    def __init__(self, root, folder, core):
        super().__init__(folder, core)
        own = os.path.join(root, 'build/wine32/usr/lib/wine/wine64')
        self.loader = next((path for path in (own, '/usr/lib/wine/wine64') if os.access(path, os.X_OK)), 'wine')
        self.environment = {**os.environ, **ENVIRONMENT, 'WINEPREFIX': os.path.join(root, 'build/bench/wine-prefix')}
        self.first_come = False
        self.server = None

    def path(self, path):
        return 'Z:' + super().path(path)

    def pin(self):
        """Runs in the child. First come, first served: then the counts of calls are the same each time."""
        os.sched_setaffinity(0, {self.core})
        if self.first_come:
            try:
                os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
            except PermissionError:
                pass

    def launch(self, command, **streams):
        return subprocess.Popen([self.loader, *command], env=self.environment, preexec_fn=self.pin, **streams)

    def open(self, trace=None):
        """Starts Wine's server, which writes each request to the file `trace`, and Wine's services."""
        self.close()
        self.first_come = trace is not None
        with open(trace or os.devnull, 'wb') as log:
            self.server = subprocess.Popen(['wineserver', '-f', '-p', *(['-d1'] if trace else [])],
                                           env=self.environment, preexec_fn=self.pin, stdin=subprocess.DEVNULL,
                                           stdout=subprocess.DEVNULL, stderr=log)
        self.run(['cmd', '/c', 'exit 0'], 120)

    def close(self):
        subprocess.run(['wineserver', '-k'], env=self.environment, check=False, stderr=subprocess.DEVNULL)
        if self.server:
            try:
                self.server.wait(30)
            except subprocess.TimeoutExpired:
                self.server.send_signal(signal.SIGKILL)
                self.server.wait()
            self.server = None


class Windows(Machine):
    """Windows itself. Written from the documentation, and not tried yet."""

    def launch(self, command, **streams):
        import ctypes
        process = subprocess.Popen(command, **streams)
        ctypes.windll.kernel32.SetProcessAffinityMask(int(process._handle), 1 << self.core)
        return process

    def open(self, trace=None):
        """Nothing has to be started, and nothing is traced."""

    def close(self):
        """Nothing of ours stays behind."""


def read(path):
    with open(path, encoding='utf-8', errors='replace') as file:
        return file.read()
