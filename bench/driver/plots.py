"""The plots, as SVG and PNG. Needs matplotlib."""
import os

import measuring
import works

COLOURS = {'raw': '#7f7f7f', 'library': '#1f77b4', 'peers': '#ff7f0e'}
SHOWN = ('echo_64_x1', 'echo_64_x8', 'echo_65536_x1', 'cycles')


def save(figure, folder, name):
    figure.tight_layout()
    # Without the time and without random names: the same results make the same file.
    figure.savefig(os.path.join(folder, f'{name}.svg'), metadata={'Date': None})
    figure.savefig(os.path.join(folder, f'{name}.png'), dpi=110, metadata={'Software': None})


def bars_of(axes, servers, values, spreads=None):
    """A bar for each server, the first on top; with spreads, a line from the lowest to the highest pair."""
    places = range(len(servers), 0, -1)
    colours = [COLOURS[server.group] for server in servers]
    axes.barh(places, values, color=colours, height=0.7)
    for place, found in zip(places, spreads or []):
        if found:
            axes.plot([found.low, found.high], [place, place], color='black', linewidth=1)
    axes.set_yticks(list(places), [server.label for server in servers])
    axes.spines[['top', 'right']].set_visible(False)


def plot_ratios(plt, results, servers, folder):
    """How many messages a second for each of the baseline's, with the spread of the pairs."""
    spreads = measuring.summary(results)
    shown = [work for work in works.WHOLE if work.name in SHOWN]
    figure, panels = plt.subplots(1, len(shown), figsize=(12, 4.2), sharey=True)
    for axes, work in zip(panels, shown):
        found = [spreads.get(server.name, {}).get(work.name) for server in servers]
        bars_of(axes, servers, [one.median if one else 0 for one in found], found)
        axes.axvline(1, color='black', linewidth=0.8, linestyle=':')
        axes.set_title(work.label)
    figure.supxlabel('messages a second, for each of the baseline (raw loop; raw window loop for what runs on a window '
                     'or waits)', fontsize=9)
    save(figure, folder, 'ratios')


def plot_calls(plt, results, servers, folder):
    shown = [server for server in servers if server.name in results['calls']]
    figure, panels = plt.subplots(1, 2, figsize=(9, 4), sharey=True)
    for axes, clients in zip(panels, ('x1', 'x8')):
        values = [results['calls'][server.name].get(clients, 0) for server in shown]
        bars_of(axes, shown, values)
        for place, value in zip(range(len(shown), 0, -1), values):
            axes.text(value, place, f' {value:.1f}', va='center', fontsize=8)
        axes.set_title(f'echo 64 B {clients}')
    figure.supxlabel('kernel calls of the server per message', fontsize=9)
    save(figure, folder, 'calls')


def plot_memory(plt, results, servers, folder):
    shown = [server for server in servers if server.name in results['memory']]
    values = [max(results['memory'][server.name] / 1024, 0) for server in shown]
    figure, axes = plt.subplots(figsize=(9, 4))
    bars_of(axes, shown, values)
    for place, value in zip(range(len(shown), 0, -1), values):
        axes.text(max(value, 1), place, f' {value:,.{1 if value < 100 else 0}f}', va='center', fontsize=8)
    axes.set_xscale('log')
    axes.set_xlim(left=1)
    axes.xaxis.set_major_formatter('{x:,.0f}')
    figure.supxlabel('KiB of the server per idle connection', fontsize=9)
    save(figure, folder, 'memory')


def draw(results, servers, folder):
    import matplotlib
    matplotlib.use('Agg')
    import matplotlib.pyplot as plt
    plt.rcParams.update({'svg.hashsalt': 'NamedPipeServer', 'font.size': 9})
    os.makedirs(folder, exist_ok=True)
    plot_ratios(plt, results, servers, folder)
    plot_memory(plt, results, servers, folder)
    if results['calls']:
        plot_calls(plt, results, servers, folder)
