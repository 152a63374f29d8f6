package dev.trunkline.handlers.wordcount;

import dev.trunkline.outbound.OutboundClient;
import dev.trunkline.outbound.OutboundException;
import dev.trunkline.outbound.OutboundRequest;
import dev.trunkline.outbound.OutboundResponse;
import dev.trunkline.task.Outcome;
import dev.trunkline.task.TaskContext;
import dev.trunkline.task.TaskHandler;
import dev.trunkline.task.TaskType;
import jakarta.inject.Singleton;
import java.util.Map;

/** The handler of {@code web.wordcount}: fetch a page, take its visible text, count the words. */
@Singleton
public class WordcountHandler implements TaskHandler<WordcountPayload, Wordcount> {

  static final String TYPE = "web.wordcount";

  private static final Map<String, String> HEADERS =
      Map.of("Accept", "text/html,application/xhtml+xml,text/plain;q=0.9");

  private final OutboundClient client;

  WordcountHandler(OutboundClient client) {
    this.client = client;
  }

  @Override
  public TaskType<WordcountPayload, Wordcount> type() {
    return TaskType.<WordcountPayload, Wordcount>named(
            TYPE, WordcountPayload.class, Wordcount.class)
        .withDescription("Counts the words of a web page's visible text.")
        .asExample();
  }

  @Override
  public Outcome<Wordcount> handle(WordcountPayload payload, TaskContext context)
      throws InterruptedException {
    if (payload.word() != null && Words.of(payload.word()).count() != 1) {
      return Outcome.giveUp("word must be a single word, not: " + payload.word());
    }
    try {
      OutboundResponse answer = client.send(OutboundRequest.get(payload.url(), HEADERS));
      context.progress(50, "fetched");
      return counted(answer.successful(), payload, context);
    } catch (OutboundException e) {
      return e.outcome();
    }
  }

  private static Outcome<Wordcount> counted(
      OutboundResponse answer, WordcountPayload payload, TaskContext context) {
    return switch (Page.of(answer)) {
      case Page.Unreadable unreadable -> Outcome.giveUp(unreadable.reason());
      case Page.Html html -> counted(html.visibleText(), payload, context);
      case Page.Plain plain -> counted(plain.text(), payload, context);
    };
  }

  private static Outcome<Wordcount> counted(
      String text, WordcountPayload payload, TaskContext context) {
    Tally tally = Tally.of(text);
    context.progress(100, "counted");
    Map<String, Integer> counts =
        payload.word() == null ? tally.top(payload.topOrDefault()) : tally.only(payload.word());
    return Outcome.succeeded(new Wordcount(payload.url(), tally.total(), tally.distinct(), counts));
  }
}
