package io.mvq.recipe;

import io.mvq.look.Lesson;

/** The frozen network that drawn images are trained against. */
public enum LookKind {
  /** Pixels alone. */
  NONE(null, false),
  /** A small network as its seed made it. */
  UNTRAINED(null, false),
  /** A small network that learned the images' classes. */
  LABELS(Lesson.LABELS, false),
  /** A small network that learned how images were turned. */
  ROTATIONS(Lesson.ROTATIONS, false),
  /** A small network that learned which image a cut is of. */
  INSTANCES(Lesson.INSTANCES, false),
  /** The MobileNetV2 of npm's nsfwjs. */
  MOBILENET(null, true),
  /** The Inception-V3 of npm's nsfwjs, which then measures nothing. */
  INCEPTION(null, true);

  private final Lesson lesson;
  private final boolean fetched;

  LookKind(Lesson lesson, boolean fetched) {
    this.lesson = lesson;
    this.fetched = fetched;
  }

  /** What it learns from the images; null if nothing. */
  public Lesson lesson() {
    return lesson;
  }

  /** Whether it learns from the images, so that nothing may measure that saw the same ones. */
  public boolean learns() {
    return lesson != null;
  }

  /** Whether it is made here. */
  public boolean small() {
    return this != NONE && !fetched;
  }

  /** Whether it comes from elsewhere. */
  public boolean fetched() {
    return fetched;
  }
}
