"""driver_test.py DRIVER: what bench/driver reckons, counts and writes, without a server."""
import importlib.util
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, sys.argv.pop(1))
import about  # noqa: E402
import calls  # noqa: E402
import documents  # noqa: E402
import measuring  # noqa: E402
import plots  # noqa: E402
import servers  # noqa: E402
import spread  # noqa: E402
import table  # noqa: E402
import works  # noqa: E402


def line(pipe, number, messages, seconds):
    return {'pipe': pipe, 'round': number, 'messages': messages, 'seconds': seconds}


def server(name, group='library'):
    return servers.Server(name, f'the {name}', group, 'raw', [], '', ('echo',))


def results(**parts):
    return {**{key: {} for key in ('ratios', 'rates', 'latency', 'cpu_us', 'calls', 'memory', 'asking')}, **parts}


class Spread(unittest.TestCase):
    def test_it_is_the_median_and_what_the_middle_four_fifths_cover(self):
        found = spread.spread_of([9, 1, 2, 3, 4, 5, 6, 7, 8, 100])

        self.assertEqual(found, spread.Spread(5.5, 2, 9, 10))

    def test_few_values_are_all_covered(self):
        self.assertEqual(spread.spread_of([3, 1, 2]), spread.Spread(2, 1, 3, 3))

    def test_a_ratio_is_that_of_the_two_samples_of_one_round(self):
        lines = [line(0, 0, 100, 1.0), line(1, 0, 150, 1.0), line(0, 1, 100, 0.5), line(1, 1, 100, 1.0),
                 {'pipe': 1, 'cpu_us': 3.0}]

        self.assertEqual(spread.ratios(lines), [1.5, 0.5])

    def test_a_round_without_its_baseline_makes_no_ratio(self):
        self.assertEqual(spread.ratios([line(1, 0, 5, 1.0)]), [])

    def test_two_runs_agree_where_the_median_of_one_lies_within_the_other_s_spread(self):
        one = spread.Spread(1.0, 0.9, 1.1, 10)

        self.assertTrue(spread.agree(one, spread.Spread(1.05, 1.02, 1.2, 10)))
        self.assertTrue(spread.agree(spread.Spread(1.05, 1.02, 1.2, 10), one))
        self.assertFalse(spread.agree(one, spread.Spread(1.2, 1.05, 1.3, 10)))


class Calls(unittest.TestCase):
    LOG = ['0024: init_first_thread( unix_pid=17, unix_tid=17, debug_level=0, reply_fd=7, wait_fd=9 )',
           '0030: init_first_thread( unix_pid=18, unix_tid=18, debug_level=0, reply_fd=7, wait_fd=9 )',
           '0024: new_thread( process=ffffffff, access=001fffff )',
           '0024: new_thread() = 0 { tid=0028, handle=0074 }',
           '0030: new_thread() = 0 { tid=0034, handle=0074 }',
           '0028: new_thread() = 0 { tid=002c, handle=0078 }',
           '0028: read( async={handle=00ec} )',
           '0028: *wakeup* signaled=256',
           '0028: read() = PENDING { wait=0000 }',
           '0034: read( async={handle=00ec} )',
           '002c: get_thread_times( )']

    def test_the_threads_are_those_that_the_process_made(self):
        self.assertEqual(calls.threads_of(self.LOG, 17), {'0024', '0028', '002c'})

    def test_an_earlier_process_of_that_number_is_another(self):
        again = ['0040: init_first_thread( unix_pid=17, unix_tid=17, debug_level=0 )']

        self.assertEqual(calls.threads_of(self.LOG + again, 17), {'0040'})

    def test_a_request_counts_once_and_answers_do_not(self):
        self.assertEqual(calls.requests_of(self.LOG, {'0028', '002c'}), 2)

    def test_what_opening_costs_falls_out(self):
        self.assertEqual(calls.calls_per_message(50 + 9 * 100, 50 + 9 * 200, 100), 9.0)


class Table(unittest.TestCase):
    def test_a_row_is_a_work_and_a_column_a_server(self):
        found = results(ratios={'free': {'echo_64_x1': [1.0, 1.5, 2.0]}, 'window': {}})

        text = table.ratios(found, [server('free'), server('window')])

        self.assertEqual(text, '| work | the free | the window |\n| --- | --- | --- |\n'
                               '| echo 64 B x1 | 1.50 (1.00 to 2.00) |  |\n')

    def test_a_goal_stands_beside_what_was_measured(self):
        found = results(ratios={'free': {'echo_64_x1': [1.04, 1.0, 1.1]}}, calls={'free': {'x1': 9.04, 'x8': 6.2}},
                        memory={'free': 4400})

        text = table.goals(found, [server('free')])

        self.assertIn('| the free | echo 64 B x1 | 1.05 | 1.04 | no |', text)
        self.assertIn('| the free | kernel calls x1 | 9 | 9.04 | yes |', text)
        self.assertIn('| the free | kernel calls x8 | 6 | 6.20 | no |', text)
        self.assertIn('| the free | KiB per idle connection | 4 | 4.30 | yes |', text)
        self.assertNotIn('connect cycle', text)

    def test_a_table_without_rows_is_left_out(self):
        self.assertEqual(table.sections(results(), [server('free')]), {})

    def test_the_middle_of_lists_is_that_of_each_place(self):
        self.assertEqual(measuring.middle([[1, 30], [2, 10], [3, 20]]), [2, 20])


class Servers(unittest.TestCase):
    def test_each_is_compared_with_a_baseline_that_can_do_its_works(self):
        known = {one.name: one for one in servers.servers('/checkout', 'x64', str)}

        for one in known.values():
            self.assertIn(one.base, servers.BASELINES)
            self.assertLessEqual(set(one.roles), set(known[one.base].roles))

    def test_one_that_could_not_be_fetched_is_left_out(self):
        with tempfile.TemporaryDirectory() as root:
            node = next(one for one in servers.servers(root, 'x64', str) if one.name == 'node')
            self.assertFalse(servers.there(node))

            os.makedirs(os.path.dirname(node.needs))
            open(node.needs, 'wb').close()
            self.assertTrue(servers.there(node))

            open(os.path.join(root, 'build', 'foreign', 'node-x64.why'), 'wb').close()
            self.assertFalse(servers.there(node))

    def test_a_sink_answers_after_as_many_bytes_as_a_flood_has(self):
        self.assertEqual(works.role_arguments(works.FLOOD_IN), ['sink', '4096', '4096000'])
        self.assertEqual(works.role_arguments(works.CYCLES), ['echo'])


@unittest.skipUnless(importlib.util.find_spec('matplotlib'), 'this Python has no matplotlib')
class Plots(unittest.TestCase):
    def test_the_same_results_make_the_same_files(self):
        chosen = [server('raw', 'raw'), server('free')]
        found = results(ratios={'free': {'echo_64_x1': [0.9, 1.0]}}, calls={'raw': {'x1': 9.0}, 'free': {'x1': 9.0}},
                        memory={'raw': 131072, 'free': 4096})
        drawn = []

        for _ in range(2):
            with tempfile.TemporaryDirectory() as folder:
                plots.draw(found, chosen, folder)
                drawn.append({path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()})

        self.assertEqual(sorted(drawn[0]), ['calls.png', 'calls.svg', 'memory.png', 'memory.svg', 'ratios.png',
                                            'ratios.svg'])
        self.assertEqual(*drawn)


class About(unittest.TestCase):
    def sentence(self, **parts):
        known = about.about('.', 'x64', False)
        return about.sentence({**known, 'load_before': 0.2, 'load_after': 1.3, **parts})

    def test_a_calm_machine_is_said_with_its_load_alone(self):
        self.assertIn('Load before and after: 0.2 and 1.3.', self.sentence())
        self.assertNotIn('Others', self.sentence())

    def test_a_busy_machine_is_confessed(self):
        self.assertIn('Others used the machine', self.sentence(load_before=4.0))
        self.assertIn('Others used the machine', self.sentence(load_after=4.0))

    def test_where_there_is_no_load_nothing_is_said_of_it(self):
        self.assertNotIn('Load', self.sentence(load_before=None, load_after=None))


class Documents(unittest.TestCase):
    def test_a_table_takes_its_place_and_no_other(self):
        text = 'a\n<!-- bench: one -->\nold\n<!-- end -->\nb\n<!-- bench: two -->\nkept\n<!-- end -->\n'

        filled = documents.with_tables(text, {'one': 'new\n'})

        self.assertEqual(filled, text.replace('old', 'new'))
        self.assertEqual(documents.with_tables(filled, {'one': 'new\n'}), filled)


unittest.main()
