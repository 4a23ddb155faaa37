package dev.troth.server.source;

import dev.troth.server.rabbit.Queue;
import dev.troth.server.source.SourceView.TableView;
import dev.troth.watch.change.Subject;
import dev.troth.watch.source.JsonPointer;
import java.util.List;

/**
 * How messages of a queue are read.
 *
 * @param subject what changes are of; with an id, what stands before it. CloudEvents have their own
 * @param id where in a JSON body the id of its subject is; empty for one subject
 * @param pointer the part of a JSON body whose fields count; empty for all of it
 */
record QueueSettings(Queue queue, String subject, String id, String pointer)
    implements StreamSettings {
  private static final int LONGEST_SUBJECT = 300;

  QueueSettings {
    var _ = Subject.parse(id.isEmpty() ? subject : subject + "/x");
    var _ = JsonPointer.parse(id);
    var _ = JsonPointer.parse(pointer);
    if (subject.length() > LONGEST_SUBJECT) {
      throw new IllegalArgumentException(
          "subject has %d characters, expected at most %d"
              .formatted(subject.length(), LONGEST_SUBJECT));
    }
  }

  @Override
  public String kind() {
    return "rabbitmq";
  }

  @Override
  public String shown() {
    return queue.address().shown();
  }

  @Override
  public String mark() {
    return "";
  }

  @Override
  public String unit() {
    return "messages";
  }

  @Override
  public List<TableView> tables() {
    return List.of();
  }
}
