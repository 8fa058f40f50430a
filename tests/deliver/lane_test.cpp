#include "support/deliver/backlog_fixture.h"

namespace
{

TEST_F(Backlog, TheFirstEventOfALaneIsItsOldest)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane l(r);
    push_many(l, "a", 2);

    EXPECT_EQ(static_cast<test_event *>(lane_first_event(&l))->name, "a1");
}

TEST_F(Backlog, ALaneBeginsWithNothingOfItsRunsOrItsAudiences)
{
    test_run r(&b, QUEUE_WINDOW);
    test_lane of_run(r);
    push(of_run, "a1");

    test_lane l(r);

    EXPECT_EQ(l.run, &r);
    EXPECT_EQ(l.audience, &r.heard_by);
    EXPECT_TRUE(list_empty(&l.events));
    lane_fini(&l); /* which checks that nothing of it waits or is raised */
}

TEST_F(Backlog, AnAudienceBeginsWithoutSinksAndEvents)
{
    audience a;
    memset(&a, 0xff, sizeof(a));

    audience_init(&a);

    EXPECT_FALSE(a.has_sinks);
    EXPECT_EQ(a.count, 0u);
    EXPECT_EQ(a.droppable_count, 0u);
    EXPECT_TRUE(list_empty(&a.droppable));
}

} // namespace
