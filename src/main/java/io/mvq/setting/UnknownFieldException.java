package io.mvq.setting;

import java.util.List;

/** A file has a field that this program does not know, perhaps of a newer one. */
public final class UnknownFieldException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnknownFieldException(String field, List<String> known) {
    super("unknown field " + field + "; known fields beside it: " + String.join(", ", known));
  }
}
