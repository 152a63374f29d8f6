package dev.trunkline.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.trunkline.submit.JsonFaults;
import dev.trunkline.task.Refusal;
import dev.trunkline.task.Refusal.Fault;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Reads the body of a request strictly, and says in words of the request what is wrong with it. */
@Singleton
class JsonBody {

  private final ObjectMapper mapper;

  JsonBody(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * The body as such a record.
   *
   * @throws dev.trunkline.task.RefusedException where it cannot be read as one
   */
  <T> T read(byte[] body, Class<T> type) {
    JsonFaults.refuse(mapper, body);
    try {
      T read = mapper.readValue(body, type);
      if (read != null) {
        return read;
      }
    } catch (JsonProcessingException e) {
      throw JsonFaults.malformed(e).exception();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new Refusal.Malformed(List.of(new Fault("", "must be a JSON object"))).exception();
  }
}
