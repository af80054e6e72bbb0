package io.mvq.data.set;

/**
 * Under which terms a set's pictures are given: what must be said by whoever passes on what was
 * made of them. The whole table is in {@code data/README.md}.
 *
 * @param source who made them
 * @param licences of the pictures
 */
public record Terms(String source, String licences) {
  /** Of a set by its name; null for images of one's own, whose terms are not known here. */
  public static Terms of(String set) {
    return switch (set) {
      case "emoji" ->
          new Terms(
              "Noto Emoji, copyright Google LLC, as scaled by emoji-datasource-google 16.0.0",
              "Apache-2.0");
      case "emoji-vendors" ->
          new Terms(
              "Noto Emoji, copyright Google LLC; Twemoji, copyright Twitter, Inc. and contributors;"
                  + " Fluent Emoji, copyright Microsoft Corporation",
              "Apache-2.0 (Noto Emoji), CC-BY-4.0 (Twemoji), MIT (Fluent Emoji)");
      case "photos" ->
          new Terms(
              "photographs of Debian 12's gcompris-qt-data, mate-backgrounds,"
                  + " lomiri-wallpapers-16.04 and stellarium-data, by many authors",
              "mixed, a licence a photograph, among them GPL, CC-BY and CC-BY-SA");
      case "fashion-mnist", "clothes" ->
          new Terms("Fashion-MNIST (arXiv 1708.07747), copyright Zalando SE", "MIT");
      default -> null;
    };
  }
}
