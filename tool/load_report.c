#include "tool/load_report.h"

#include "tool/json_line.h"
#include "tool/latency.h"
#include "tool/line.h"
#include "tool/output.h"

#define UNITS_IN_A_MS 10000.0

typedef struct share
{
    const WCHAR *name, *key;
    double part;
} share;

static const share shares[] = {
    {L"half of them ", L"p50", 0.5}, {L"90 % ", L"p90", 0.9}, {L"99 % ", L"p99", 0.99},
    {L"99.9 % ", L"p99_9", 0.999},   {L"all ", L"max", 1.0},
};

static double ms_of(const load_result *r, double part)
{
    return latency_percentile(r->times, (size_t)r->answers, part) / UNITS_IN_A_MS;
}

static double rate_of(LONG answers, double seconds)
{
    return seconds > 0 ? answers / seconds : 0;
}

void load_report_progress(const load_counts *counts, LONG answers, double seconds)
{
    text_builder b = {0};
    bool in_place = output_is_console(OUTPUT_REMARKS);

    if (in_place)
        text_builder_add(&b, L'\r');
    line_number(&b, (ULONGLONG)answers);
    line_text(&b, L" of ");
    line_number(&b, (ULONGLONG)counts->wanted);
    line_text(&b, L" messages, ");
    line_fixed(&b, rate_of(answers, seconds), 0);
    line_text(&b, in_place ? L" a second    " : L" a second\r\n");
    output_write(OUTPUT_REMARKS, &b);
}

static void report_latency(const load_counts *c, const load_result *r)
{
    text_builder b = {0};

    line_text(&b, c->one_way ? L"Time to take a message, in ms: " : L"Time of an answer, in ms: ");
    for (size_t i = 0; i < ARRAYSIZE(shares); i++)
    {
        line_text(&b, i > 0 ? L", " : L"");
        line_text(&b, shares[i].name);
        line_fixed(&b, ms_of(r, shares[i].part), 3);
    }
    line_text(&b, L"; mean ");
    line_fixed(&b, latency_mean(r->times, (size_t)r->answers) / UNITS_IN_A_MS, 3);
    output_line(OUTPUT_RESULTS, &b);
}

static void report_to_people(const load_counts *c, const load_result *r)
{
    text_builder b = {0};

    if (output_is_console(OUTPUT_REMARKS))
        line_text(&b, L"\r\n");
    line_text(&b, L"Messages: ");
    line_number(&b, (ULONGLONG)r->answers);
    line_text(&b, L" of ");
    line_number(&b, (ULONGLONG)c->wanted);
    line_text(&b, L", of ");
    line_number(&b, (ULONGLONG)c->size);
    line_text(&b, L" bytes, by ");
    line_number(&b, (ULONGLONG)r->connected);
    line_text(&b, L" clients, in ");
    line_fixed(&b, r->seconds, 3);
    line_text(&b, L" s: ");
    line_fixed(&b, rate_of(r->answers, r->seconds), 0);
    line_text(&b, L" a second");
    output_line(OUTPUT_RESULTS, &b);
    if (r->answers > 0)
        report_latency(c, r);
    line_text(&b, L"Errors: ");
    line_number(&b, (ULONGLONG)r->errors);
    output_line(OUTPUT_RESULTS, &b);
}

static void report_as_json(const load_counts *c, const load_result *r)
{
    text_builder b = {0};

    json_begin(&b);
    json_number(&b, L"clients", c->clients, 0);
    json_number(&b, L"connected", r->connected, 0);
    json_number(&b, L"messages", r->answers, 0);
    json_number(&b, L"wanted", c->wanted, 0);
    json_number(&b, L"size", c->size, 0);
    json_number(&b, L"seconds", r->seconds, 6);
    json_number(&b, L"per_second", rate_of(r->answers, r->seconds), 1);
    if (r->answers > 0)
    {
        json_object(&b, L"latency_ms");
        json_number(&b, L"min", r->times[0] / UNITS_IN_A_MS, 4);
        json_number(&b, L"mean", latency_mean(r->times, (size_t)r->answers) / UNITS_IN_A_MS, 4);
        for (size_t i = 0; i < ARRAYSIZE(shares); i++)
            json_number(&b, shares[i].key, ms_of(r, shares[i].part), 4);
        json_end(&b);
    }
    else
        json_null(&b, L"latency_ms");
    json_number(&b, L"errors", r->errors, 0);
    if (r->error)
        json_text(&b, L"first_error", r->error);
    else
        json_null(&b, L"first_error");
    json_boolean(&b, L"stopped", r->is_stopped);
    json_end(&b);
    output_line(OUTPUT_RESULTS, &b);
}

static void complain_of_stop(const load_counts *c, const load_result *r)
{
    text_builder sentence = {0};

    line_text(&sentence, L"Ended by Ctrl+C after ");
    line_number(&sentence, (ULONGLONG)r->answers);
    line_text(&sentence, L" of ");
    line_number(&sentence, (ULONGLONG)c->wanted);
    line_text(&sentence, L" messages.");
    output_complaint_of(&sentence);
}

void load_report(const load_counts *counts, const load_result *result, bool as_json)
{
    if (as_json)
        report_as_json(counts, result);
    else
        report_to_people(counts, result);
    if (result->error)
        output_complaint(result->error);
    if (result->is_stopped)
        complain_of_stop(counts, result);
}
