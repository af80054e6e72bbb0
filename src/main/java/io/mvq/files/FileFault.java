package io.mvq.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What Java's errors of files mean, in words. */
public final class FileFault {
  private FileFault() {}

  /** With the file it is about, if the error knows it. */
  public static String text(IOException e) {
    return e instanceof FileSystemException own && own.getFile() != null
        ? own.getFile() + ": " + reason(e)
        : reason(e);
  }

  /** Without the file. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "this user may not read or write it";
    } else if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    } else if (e instanceof FileAlreadyExistsException) {
      return "there is a file where a folder is wanted";
    } else if (e instanceof NotDirectoryException) {
      return "it is no folder";
    } else if (e instanceof DirectoryNotEmptyException) {
      return "it is a folder that is not empty";
    } else if (e instanceof FileSystemLoopException) {
      return "a link that leads back to a folder it is in";
    }
    String said = e instanceof FileSystemException own ? own.getReason() : e.getMessage();
    return said == null ? e.getClass().getSimpleName() : advised(said);
  }

  /** The system's words, and what to do about them. */
  private static String advised(String said) {
    return switch (said) {
      case "No space left on device", "Disk quota exceeded" ->
          "no space left on the disk; free some, or name a place on another one";
      case "Read-only file system" -> "it is on a disk that may only be read; name another place";
      case "Not a directory" -> "a part of this path is a file, no folder";
      case "File name too long" -> "the name is too long for this disk";
      case "Too many levels of symbolic links" -> "links that lead to each other";
      case "Is a directory" -> "it is a folder, where a file is wanted";
      case "File too large" -> "larger than this disk or user may have files";
      default -> said;
    };
  }
}
