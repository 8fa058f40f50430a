/* The list of all stories. */

#include "conform.h"

const scenario stories[] = {
    {"blocking", conform_blocking, 500},
    {"bytes", conform_bytes, 500},
    {"cancelled_connects", conform_cancelled_connects, 500},
    {"cancelled_reads", conform_cancelled_reads, 500},
    {"cancelled_writes", conform_cancelled_writes, 500},
    {"closed_port", conform_closed_port, 500},
    {"closing", conform_closing, 500},
    {"dice", conform_dice, 5000},
    {"directions", conform_directions, 500},
    {"disconnecting", conform_disconnecting, 500},
    {"ended_threads", conform_ended_threads, 500},
    {"events", conform_events, 500},
    {"handle_state", conform_handle_state, 500},
    {"instances", conform_instances, 500},
    {"messages", conform_messages, 500},
    {"names", conform_names, 500},
    {"packets", conform_packets, 500},
    {"quotas", conform_quotas, 500},
    {"results", conform_results, 500},
    {"skipping", conform_skipping, 500},
    {"states", conform_states, 500},
    {"waiting", conform_waiting, 500},
    {NULL, NULL, 0},
};
