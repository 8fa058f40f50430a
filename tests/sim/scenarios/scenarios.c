/* The list of all scenarios. */

#include "scenario.h"

#include "limits.h"
#include "random.h"
#include "scheduler.h"

void scenario_asks(void);
void scenario_asks_among_reads(void);
void scenario_asks_early(void);
void scenario_asks_given_up(void);
void scenario_asks_greeted(void);
void scenario_asks_streamed(void);
void scenario_asks_in_frames(void);
void scenario_asks_of_a_canceller(void);
void scenario_asks_until_closed(void);
void scenario_bad_clients(void);
void scenario_base_of_all(void);
void scenario_break_mode(void);
void scenario_byte_mode(void);
void scenario_call_answers(void);
void scenario_call_times_out(void);
void scenario_calls(void);
void scenario_cancelled_messages(void);
void scenario_cancelled_write(void);
void scenario_chunk_cut(void);
void scenario_chunk_ends(void);
void scenario_chunks(void);
void scenario_departure(void);
void scenario_dial_times_out(void);
void scenario_dials(void);
void scenario_dials_with_sinks(void);
void scenario_early_closes(void);
void scenario_echo(void);
void scenario_echo_by_waiters(void);
void scenario_echo_by_window(void);
void scenario_echo_by_workers(void);
void scenario_empty_messages(void);
void scenario_ended_by_two(void);
void scenario_ends_in_callback(void);
void scenario_few_connections(void);
void scenario_flooded_sends(void);
void scenario_foreign_owner(void);
void scenario_frames(void);
void scenario_frames_answer_calls(void);
void scenario_frames_of_a_server(void);
void scenario_frames_wait(void);
void scenario_gaits(void);
void scenario_graceful_end(void);
void scenario_handlers_at_home(void);
void scenario_handlers_fail(void);
void scenario_hands_over_while_stopped(void);
void scenario_host_disconnects(void);
void scenario_host_disconnects_behind(void);
void scenario_idle_client(void);
void scenario_impersonation(void);
void scenario_kicks(void);
void scenario_large_buffers(void);
void scenario_leaves_early(void);
void scenario_long_chunks(void);
void scenario_looks(void);
void scenario_loops(void);
void scenario_many_clients(void);
void scenario_many_dials(void);
void scenario_many_events(void);
void scenario_message_limit(void);
void scenario_mischief(void);
void scenario_name_held(void);
void scenario_names_of_pipes(void);
void scenario_no_instances(void);
void scenario_nobody_listens(void);
void scenario_one_way(void);
void scenario_orphans(void);
void scenario_pause(void);
void scenario_pause_and_stop(void);
void scenario_paused_at_limit(void);
void scenario_posts_refused(void);
void scenario_raiser_leaves(void);
void scenario_reads_on_request(void);
void scenario_receive_limit(void);
void scenario_reconnects(void);
void scenario_reconnects_unheard(void);
void scenario_released_elsewhere(void);
void scenario_released_in_handler(void);
void scenario_remote_asks(void);
void scenario_remote_calls(void);
void scenario_remote_dials(void);
void scenario_remote_looks(void);
void scenario_replaced(void);
void scenario_send_limit(void);
void scenario_shortage(void);
void scenario_sinks_come_and_go(void);
void scenario_stalled_client(void);
void scenario_starter_leaves(void);
void scenario_starts_again(void);
void scenario_starts_in_handler(void);
void scenario_stop_at_any_time(void);
void scenario_stopped_from_elsewhere(void);
void scenario_stops_in_handler(void);
void scenario_thread_ends(void);
void scenario_thrown_out(void);
void scenario_thrown_out_after(void);
void scenario_too_many_events(void);
void scenario_turns(void);
void scenario_two_servers(void);
void scenario_unheard_limit(void);
void scenario_wait_event(void);
void scenario_writes_first(void);

const scenario scenarios[] = {
    {"echo", scenario_echo, 550},
    {"leaves_early", scenario_leaves_early, 400},
    {"many_clients", scenario_many_clients, 900},
    {"stop_at_any_time", scenario_stop_at_any_time, 2500},
    {"hands_over_while_stopped", scenario_hands_over_while_stopped, 400},
    {"pause", scenario_pause, 800},
    {"cancelled_write", scenario_cancelled_write, 500},
    {"orphans", scenario_orphans, 800},
    {"dials", scenario_dials, 1600},
    {"calls", scenario_calls, 800},
    {"send_limit", scenario_send_limit, 500},
    {"receive_limit", scenario_receive_limit, 700},
    {"reads_on_request", scenario_reads_on_request, 600},
    {"many_events", scenario_many_events, 7300},
    {"one_way", scenario_one_way, 400},
    {"byte_mode", scenario_byte_mode, 700},
    {"departure", scenario_departure, 400},
    {"stalled_client", scenario_stalled_client, 800},
    {"bad_clients", scenario_bad_clients, 2600},
    {"foreign_owner", scenario_foreign_owner, 400},
    {"name_held", scenario_name_held, 400},
    {"two_servers", scenario_two_servers, 400},
    {"shortage", scenario_shortage, 2400},
    {"no_instances", scenario_no_instances, 900},
    {"call_times_out", scenario_call_times_out, 60},
    {"dial_times_out", scenario_dial_times_out, 800},
    {"kicks", scenario_kicks, 300},
    {"starts_again", scenario_starts_again, 1400},
    {"starter_leaves", scenario_starter_leaves, 600},
    {"impersonation", scenario_impersonation, 700},
    {"remote_dials", scenario_remote_dials, 1300},
    {"remote_calls", scenario_remote_calls, 500},
    {"names_of_pipes", scenario_names_of_pipes, 200},
    {"early_closes", scenario_early_closes, 700},
    {"many_dials", scenario_many_dials, 4900},
    {"call_answers", scenario_call_answers, 50},
    {"host_disconnects", scenario_host_disconnects, 300},
    {"large_buffers", scenario_large_buffers, 500},
    {"pause_and_stop", scenario_pause_and_stop, 700},
    {"base_of_all", scenario_base_of_all, 130},
    {"graceful_end", scenario_graceful_end, 400},
    {"remote_looks", scenario_remote_looks, 1800},
    {"idle_client", scenario_idle_client, 400},
    {"message_limit", scenario_message_limit, 500},
    {"few_connections", scenario_few_connections, 1200},
    {"empty_messages", scenario_empty_messages, 600},
    {"frames", scenario_frames, 1500},
    {"frames_of_a_server", scenario_frames_of_a_server, 900},
    {"frames_answer_calls", scenario_frames_answer_calls, 300},
    {"frames_wait", scenario_frames_wait, 700},
    {"chunks", scenario_chunks, 700},
    {"writes_first", scenario_writes_first, 90},
    {"asks", scenario_asks, 900},
    {"asks_greeted", scenario_asks_greeted, 400},
    {"thrown_out", scenario_thrown_out, 60},
    {"flooded_sends", scenario_flooded_sends, 2000},
    {"asks_given_up", scenario_asks_given_up, 400},
    {"echo_by_waiters", scenario_echo_by_waiters, 1000},
    {"echo_by_window", scenario_echo_by_window, 1000},
    {"echo_by_workers", scenario_echo_by_workers, 1000},
    {"break_mode", scenario_break_mode, 1700},
    {"handlers_at_home", scenario_handlers_at_home, 1000},
    {"handlers_fail", scenario_handlers_fail, 1500},
    {"loops", scenario_loops, 1000},
    {"mischief", scenario_mischief, 2200},
    {"nobody_listens", scenario_nobody_listens, 1100},
    {"paused_at_limit", scenario_paused_at_limit, 1500},
    {"posts_refused", scenario_posts_refused, 1400},
    {"released_elsewhere", scenario_released_elsewhere, 1700},
    {"released_in_handler", scenario_released_in_handler, 700},
    {"sinks_come_and_go", scenario_sinks_come_and_go, 3000},
    {"stopped_from_elsewhere", scenario_stopped_from_elsewhere, 1500},
    {"stops_in_handler", scenario_stops_in_handler, 1000},
    {"thread_ends", scenario_thread_ends, 1000},
    {"turns", scenario_turns, 1900},
    {"wait_event", scenario_wait_event, 1300},
    {"raiser_leaves", scenario_raiser_leaves, 1500},
    {"too_many_events", scenario_too_many_events, 50000},
    {"unheard_limit", scenario_unheard_limit, 600},
    {"dials_with_sinks", scenario_dials_with_sinks, 3000},
    {"ends_in_callback", scenario_ends_in_callback, 900},
    {"ended_by_two", scenario_ended_by_two, 900},
    {"gaits", scenario_gaits, 2000},
    {"cancelled_messages", scenario_cancelled_messages, 1000},
    {"long_chunks", scenario_long_chunks, 800},
    {"starts_in_handler", scenario_starts_in_handler, 2000},
    {"replaced", scenario_replaced, 2000},
    {"reconnects", scenario_reconnects, 12000},
    {"reconnects_unheard", scenario_reconnects_unheard, 1000},
    {"asks_early", scenario_asks_early, 470},
    {"host_disconnects_behind", scenario_host_disconnects_behind, 370},
    {"remote_asks", scenario_remote_asks, 870},
    {"asks_in_frames", scenario_asks_in_frames, 680},
    {"asks_of_a_canceller", scenario_asks_of_a_canceller, 590},
    {"asks_until_closed", scenario_asks_until_closed, 440},
    {"asks_among_reads", scenario_asks_among_reads, 640},
    {"looks", scenario_looks, 1900},
    {"asks_streamed", scenario_asks_streamed, 400},
    {"chunk_cut", scenario_chunk_cut, 400},
    {"thrown_out_after", scenario_thrown_out_after, 900},
    {"chunk_ends", scenario_chunk_ends, 900},
    {NULL, NULL, 0},
};

/* Weak: a program that decides otherwise has one of its own. */
__attribute__((weak)) uint32_t choose(uint32_t n)
{
    return random_below(RANDOM_DATA, n);
}

void loiter(uint32_t steps)
{
    for (uint32_t i = 0; i < steps * STEP_SCALE; i++)
        point("loiters", "", 0, 0);
}
