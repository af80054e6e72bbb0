package io.mvq.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mvq.Tokenizer;
import io.mvq.Version;
import io.mvq.serve.Gate.Work;
import java.io.IOException;
import java.util.Map;

/**
 * The calls by method and path: those on the model are computed behind the gate, those on trainings
 * read files and are answered at once.
 */
final class Calls {
  private final Model model;
  private final Trainings trainings;
  private final String name;
  private final Limits limits;
  private final Gate gate;
  private final Map<String, Call> all;
  private Of of; // the model that they were last made for

  /** A call. */
  interface Call {
    Answer answer(Request request) throws IOException;
  }

  private interface Computed {
    Work<Answer> read(Request request) throws IOException;
  }

  private record Of(Tokenizer tokenizer, Api api, Codebooks codebooks) {}

  Calls(Model model, Trainings trainings, String name, Limits limits) {
    this.model = model;
    this.trainings = trainings;
    this.name = name;
    this.limits = limits;
    gate = new Gate(limits.atOnce(), limits.waiting());
    all =
        Map.of(
            "GET /api/info", gated(this::info),
            "POST /api/encode", gated(request -> now().api().encode(request)),
            "POST /api/decode", gated(request -> now().api().decode(request)),
            "POST /api/draw", gated(request -> now().api().draw(request)),
            "POST /api/blend", gated(request -> now().api().blend(request)),
            "GET /api/sample", gated(request -> now().api().sample(request)),
            "GET /api/codebook", gated(request -> now().codebooks().answer(request)),
            "GET /api/training", this::training,
            "GET /api/training/log", trainings::log,
            "GET /api/training/picture", trainings::picture);
  }

  private Call gated(Computed call) {
    return request -> gate.through(call.read(request));
  }

  /** Null if there is none. */
  Call at(String method, String path) {
    return all.get(method + " " + path);
  }

  private Work<Answer> info(Request request) {
    request.allow();
    return () -> {
      model.refresh();
      ObjectNode tree = model.now() == null ? none() : now().api().info();
      tree.put("checkpoint", model.checkpoint()).put("training", !trainings.isEmpty());
      return Answer.json(tree);
    };
  }

  private ObjectNode none() {
    ObjectNode tree = Api.object().put("mvq", Version.NUMBER).put("run", name);
    return tree.putNull("model").put("why", model.why());
  }

  private Answer training(Request request) throws IOException {
    request.allow();
    return Answer.json(trainings.list().put("checkpoint", model.written()));
  }

  private synchronized Of now() {
    Tokenizer tokenizer = model.now();
    if (tokenizer == null) {
      throw new Refusal(409, "there is no model: %s", model.why());
    }
    if (of == null || of.tokenizer() != tokenizer) {
      of = new Of(tokenizer, new Api(tokenizer, name, limits), new Codebooks(tokenizer));
    }
    return of;
  }
}
