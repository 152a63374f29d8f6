package dev.trunkline.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.trunkline.database.Tasks;
import dev.trunkline.database.TestDatabase;
import dev.trunkline.task.Task;
import dev.trunkline.task.TaskFilter;
import dev.trunkline.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TaskListerSqlTest {

  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final List<UUID> ALL = Mix.of(648, DATABASE);

  @Test
  void without_filters_all_tasks_come_the_newest_first() {
    assertThat(pages(TaskFilter.ALL, 500)).containsExactlyElementsOf(ALL);
  }

  @ParameterizedTest
  @MethodSource("filters")
  void every_filter_and_combination_finds_what_the_status_view_says(TaskFilter filter) {
    assertThat(pages(filter, 20)).containsExactlyElementsOf(expected(filter));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void and_all_of_it_on_one_page_where_there_is_room(TaskFilter filter) {
    TaskPage<Task> page = page(filter, 2_000, Optional.empty());

    assertThat(page.items())
        .extracting(task -> task.id)
        .containsExactlyElementsOf(expected(filter));
    assertThat(page.next()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(TaskState.class)
  void a_task_in_a_list_is_the_same_as_by_itself(TaskState state) {
    Task listed = page(TaskFilter.ALL.withState(state), 1, Optional.empty()).items().getFirst();

    assertThat(
            DATABASE.row(
                """
                select type, queue, state, priority, payload, result, error, progress, attempt,
                  max_attempts, worker, traceparent, extract(epoch from timeout)::int as timeout,
                  created_at::text as created_at, finished_at::text as finished_at
                from trunkline.task_status where id = ?
                """,
                listed.id))
        .containsEntry("type", listed.type)
        .containsEntry("queue", listed.queue)
        .containsEntry("state", listed.state.word())
        .containsEntry("priority", listed.priority)
        .containsEntry("payload", listed.payload)
        .containsEntry("result", listed.result)
        .containsEntry("error", listed.error)
        .containsEntry("progress", listed.progress)
        .containsEntry("attempt", listed.attempt)
        .containsEntry("max_attempts", listed.maxAttempts)
        .containsEntry("worker", listed.worker)
        .containsEntry("traceparent", listed.traceparent)
        .containsEntry("timeout", (int) listed.timeout.toSeconds())
        .containsEntry("created_at", text(listed.createdAt))
        .containsEntry("finished_at", text(listed.finishedAt));
  }

  @Test
  void after_and_before_mean_later_and_earlier_and_not_at() {
    List<Task> three = page(TaskFilter.ALL, 3, Optional.empty()).items();
    TaskFilter between =
        TaskFilter.ALL.withCreated(
            Optional.of(three.getLast().createdAt), Optional.of(three.getFirst().createdAt));

    assertThat(pages(between, 10)).containsExactly(three.get(1).id);
  }

  @Test
  void a_page_that_is_full_at_the_end_is_the_last() {
    TaskFilter filter = TaskFilter.ALL.withState(TaskState.FAILED).withType("t1").withQueue("q2");
    int count = expected(filter).size();

    assertThat(page(filter, count, Optional.empty()).next()).isEmpty();
    assertThat(page(filter, count - 1, Optional.empty()).next()).isPresent();
  }

  @Test
  void a_list_goes_on_where_it_was_though_newer_tasks_come() {
    TestDatabase database = TestDatabase.fresh();
    List<UUID> all = Tasks.in(database).many(9);
    TaskLister lister = new TaskLister(database.dataSource());
    TaskPage<UUID> first = lister.ids(TaskFilter.ALL, 5, Optional.empty());
    Tasks.in(database).many(3);

    TaskPage<UUID> second = lister.ids(TaskFilter.ALL, 50, first.next());

    assertThat(Stream.of(first, second).flatMap(page -> page.items().stream()))
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void where_few_of_many_are_meant_pages_are_short_and_still_lead_to_the_end() {
    TestDatabase database = TestDatabase.fresh();
    List<UUID> meant = Tasks.in(database).type("a").queue("b").many(3);
    Tasks.in(database).type("a").queue("other").many(5_000);
    Tasks.in(database).type("other").queue("b").many(5_000);
    TaskLister lister = new TaskLister(database.dataSource());
    TaskFilter filter = TaskFilter.ALL.withType("a").withQueue("b");

    TaskPage<UUID> first = lister.ids(filter, 50, Optional.empty());
    List<UUID> found = new ArrayList<>(first.items());
    int pages = 1;
    for (Optional<UUID> next = first.next(); next.isPresent(); pages++) {
      TaskPage<UUID> page = lister.ids(filter, 50, next);
      found.addAll(page.items());
      next = page.next();
    }

    assertThat(first.items()).isEmpty();
    assertThat(first.next()).isPresent();
    assertThat(found).containsExactlyInAnyOrderElementsOf(meant);
    // Each page chooses anew what leads, and behind the first one few are left in the queue.
    assertThat(pages).isEqualTo(2);
  }

  @Test
  void a_part_that_finds_few_leads_and_its_page_is_complete() {
    TestDatabase database = TestDatabase.fresh();
    UUID meant = Tasks.in(database).type("seldom").one();
    Tasks.in(database).type("often").many(5_000);
    TaskLister lister = new TaskLister(database.dataSource());

    TaskPage<UUID> page =
        lister.ids(
            TaskFilter.ALL.withType("seldom").withQueue("default").withState(TaskState.QUEUED),
            50,
            Optional.empty());

    assertThat(page.items()).containsExactly(meant);
    assertThat(page.next()).isEmpty();
  }

  @Test
  void a_backlog_in_front_of_what_has_succeeded_is_passed_over() {
    TestDatabase database = TestDatabase.fresh();
    List<UUID> all = Mix.of(12, database);
    Tasks.in(database).many(PageReader.SPAN - 100);
    TaskLister lister = new TaskLister(database.dataSource());

    TaskPage<UUID> page =
        lister.ids(TaskFilter.ALL.withState(TaskState.SUCCEEDED), 50, Optional.empty());

    assertThat(all).containsAll(page.items());
    assertThat(page.items()).hasSize(2);
    assertThat(page.next()).isEmpty();
  }

  @Test
  void a_page_ends_where_its_texts_have_become_too_long() {
    TestDatabase database = TestDatabase.fresh();
    List<UUID> all = Tasks.in(database).many(4);
    int third = PageReader.LONGEST / 3;
    database.update("update trunkline.task set payload = to_jsonb(repeat('x', ?))", third);

    List<List<UUID>> pages = new ArrayList<>();
    Optional<UUID> next = Optional.empty();
    do {
      Optional<UUID> from = next;
      TaskPage<Task> page =
          database.inTransaction(source -> new TaskLister(source).page(TaskFilter.ALL, 500, from));
      pages.add(ids(page));
      next = page.next();
    } while (next.isPresent());

    assertThat(pages).extracting(List::size).containsExactly(3, 1);
    assertThat(pages.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void of_a_long_list_no_more_is_fetched_than_makes_a_page() {
    TestDatabase database = TestDatabase.fresh();
    List<UUID> all = Tasks.in(database).many(50);
    database.update("update trunkline.task set payload = to_jsonb(repeat('x', 1000000))");
    database.limitResults("12M");

    TaskPage<Task> page =
        database.inTransaction(
            source -> new TaskLister(source).page(TaskFilter.ALL, 500, Optional.empty()));

    assertThat(all).containsAll(ids(page));
    assertThat(page.items()).hasSize(PageReader.LONGEST / 1_000_000 + 1);
  }

  @Test
  void one_that_is_too_long_by_itself_is_still_a_page() {
    TestDatabase database = TestDatabase.fresh();
    UUID task = Tasks.in(database).one();
    database.update(
        "update trunkline.task set payload = to_jsonb(repeat('x', ?))", PageReader.LONGEST + 1);

    TaskPage<Task> page =
        new TaskLister(database.dataSource()).page(TaskFilter.ALL, 1, Optional.empty());

    assertThat(ids(page)).containsExactly(task);
    assertThat(page.next()).isEmpty();
  }

  /** Every filter alone, and combinations of them by chance; the same ones each time. */
  static Stream<TaskFilter> filters() {
    Random random = new Random(17);
    Stream<TaskFilter> single =
        Stream.concat(
            Arrays.stream(TaskState.values()).map(TaskFilter.ALL::withState),
            Stream.of(
                TaskFilter.ALL.withType("t1"),
                TaskFilter.ALL.withQueue("q2"),
                TaskFilter.ALL.withTag("red"),
                TaskFilter.ALL.withType("none"),
                TaskFilter.ALL.withQueue("none"),
                TaskFilter.ALL.withTag("none"),
                TaskFilter.ALL.withCreated(Optional.of(ago(100)), Optional.empty()),
                TaskFilter.ALL.withCreated(Optional.empty(), Optional.of(ago(600))),
                TaskFilter.ALL.withCreated(Optional.of(ago(200)), Optional.of(ago(100)))));
    return Stream.concat(single, Stream.generate(() -> combination(random)).limit(30)).distinct();
  }

  private static TaskFilter combination(Random random) {
    TaskFilter filter = TaskFilter.ALL;
    if (random.nextBoolean()) {
      filter = filter.withState(TaskState.values()[random.nextInt(6)]);
    }
    if (random.nextBoolean()) {
      filter = filter.withType("t" + random.nextInt(3));
    }
    if (random.nextBoolean()) {
      filter = filter.withQueue("q" + random.nextInt(3));
    }
    if (random.nextBoolean()) {
      filter = filter.withTag(random.nextBoolean() ? "red" : "blue");
    }
    if (random.nextBoolean()) {
      filter = filter.withCreated(Optional.of(ago(random.nextInt(648))), Optional.empty());
    }
    return filter;
  }

  private static Instant ago(int seconds) {
    return Instant.now().minus(Duration.ofSeconds(seconds)).truncatedTo(ChronoUnit.SECONDS);
  }

  private static List<UUID> expected(TaskFilter filter) {
    return DATABASE.column(
        UUID.class,
        """
        select id from trunkline.task_status
        where state = coalesce(?, state) and type = coalesce(?, type)
          and queue = coalesce(?, queue) and (?::text is null or tags @> array[?::text])
          and created_at > coalesce(?::timestamptz, '-infinity')
          and created_at < coalesce(?::timestamptz, 'infinity')
        order by id desc
        """,
        filter.state().map(TaskState::word).orElse(null),
        filter.type().orElse(null),
        filter.queue().orElse(null),
        filter.tag().orElse(null),
        filter.tag().orElse(null),
        filter.createdAfter().map(Instant::toString).orElse(null),
        filter.createdBefore().map(Instant::toString).orElse(null));
  }

  private static List<UUID> pages(TaskFilter filter, int limit) {
    List<UUID> all = new ArrayList<>();
    Optional<UUID> next = Optional.empty();
    do {
      TaskPage<Task> page = page(filter, limit, next);
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      all.addAll(ids(page));
      next = page.next();
    } while (next.isPresent());
    return all;
  }

  private static TaskPage<Task> page(TaskFilter filter, int limit, Optional<UUID> below) {
    return DATABASE.inTransaction(source -> new TaskLister(source).page(filter, limit, below));
  }

  private static List<UUID> ids(TaskPage<Task> page) {
    return page.items().stream().map(task -> task.id).toList();
  }

  private static String text(Instant time) {
    return DATABASE.value(
        String.class, "select ?::timestamptz::text", time == null ? null : time.toString());
  }
}
