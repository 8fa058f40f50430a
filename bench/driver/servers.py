"""The servers that are measured, each against its baseline, and how they are started."""
import os
from collections import namedtuple

# base: the server that it is compared with; roles: what it can do (bench/servers/role.h). needs: a file without which
# it is left out.
Server = namedtuple('Server', 'name label group base command needs roles')

ALL = ('echo', 'sink', 'source', 'broadcast')
BASELINES = ('raw', 'raw_window')


def servers(root, bitness, path):
    """All servers. `path` writes a path as the programs take it."""
    build = os.path.join(root, 'build', bitness)
    foreign = os.path.join(root, 'build', 'foreign')
    dll = path(os.path.join(build, 'NamedPipeServer.dll'))
    manifest = path(os.path.join(build, 'NamedPipeServer.X.manifest'))

    def ours(name, *arguments):
        program = os.path.join(build, 'bench', f'bench_{name}.exe')
        return program, [program, *arguments]

    def hosted(program, *arguments):
        return program, [program, *arguments]

    def peer(name):
        return path(os.path.join(root, 'bench', 'peers', name))

    table = [
        ('raw', 'raw loop', 'raw', 'raw', *ours('raw'), ALL),
        ('raw_window', 'raw window loop', 'raw', 'raw', *ours('raw_window'), ALL),
        ('free', 'free-threaded', 'library', 'raw', *ours('library', 'free', dll), ALL),
        ('window', 'window', 'library', 'raw_window', *ours('library', 'window', dll), ALL),
        ('wait_sta', 'WaitEvent, STA', 'library', 'raw_window', *ours('library', 'wait-sta', dll), ALL),
        ('wait_mta', 'WaitEvent, MTA', 'library', 'raw_window', *ours('library', 'wait-mta', dll), ALL),
        ('vbscript', 'window, VBScript', 'library', 'raw_window',
         *hosted(os.path.join(build, 'tests', 'scripts', 'script_host.exe'), '-m', manifest, peer('window.vbs')),
         ('echo',)),
        ('powershell', 'window, PowerShell 7', 'library', 'raw_window',
         *hosted(os.path.join(foreign, f'powershell_host-{bitness}', 'powershell_host.exe'), '-manifest', manifest,
                 peer('window.ps1')), ('echo',)),
        ('threads', 'a thread per client', 'peers', 'raw', *ours('thread_per_client'), ALL[:3]),
        ('asio', 'Boost.Asio', 'peers', 'raw', *ours('asio'), ALL),
        ('node', 'Node 22', 'peers', 'raw',
         *hosted(os.path.join(foreign, f'node-{bitness}', 'package', 'bin', 'node.exe'), peer('node.js')), ALL),
        ('dotnet', '.NET 10', 'peers', 'raw',
         *hosted(os.path.join(foreign, f'bench_dotnet-{bitness}', 'bench_dotnet.exe')), ALL),
    ]
    return [Server(name, label, group, base, command, needs, roles)
            for name, label, group, base, needs, command, roles in table]


def there(server):
    """Whether its program is there, and starts: tests/tools/fetched.cmake leaves a .why where it does not."""
    folder = server.needs.split(os.sep + 'foreign' + os.sep)
    why = len(folder) == 2 and os.path.exists(
        os.path.join(folder[0], 'foreign', folder[1].split(os.sep)[0] + '.why'))
    return os.path.exists(server.needs) and not why
