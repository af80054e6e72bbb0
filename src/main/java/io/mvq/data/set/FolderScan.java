package io.mvq.data.set;

import io.mvq.data.Damage;
import io.mvq.data.format.ImageFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * The image files below a folder, whatever the file system's order: sorted by path. Links are
 * followed; a link that leads back and a folder that may not be read are passed over and told.
 *
 * @param files in the order of their paths
 * @param passedOver folders, and files that vanished or may not be looked at
 */
record FolderScan(List<Path> files, List<Damage> passedOver) {
  private static final int DEEPEST = 100;

  static FolderScan of(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Damage> passedOver = new ArrayList<>();
    Files.walkFileTree(
        folder,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        DEEPEST,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
            boolean hidden = !below.equals(folder) && isHidden(below);
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && ImageFiles.isImage(file)) {
              files.add(file);
            } else if (attributes.isSymbolicLink() && ImageFiles.isImage(file)) {
              passedOver.add(new Damage(name(folder, file), file + ": a link to nothing"));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException e) throws IOException {
            if (path.equals(folder)) {
              throw e;
            }
            passedOver.add(new Damage(name(folder, path), path + ": " + reason(e)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path below, IOException e) {
            if (e != null) {
              passedOver.add(new Damage(name(folder, below), below + ": " + reason(e)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    files.sort(Comparator.comparing(Path::toString));
    passedOver.sort(Comparator.comparing(Damage::name));
    return new FolderScan(files, passedOver);
  }

  /** The files as a set knows them: the first folder below {@code folder} is the class. */
  List<ImageFile> images(Path folder) {
    return files.stream()
        .map(
            file -> {
              Path relative = folder.relativize(file);
              String className = relative.getNameCount() < 2 ? "" : relative.getName(0).toString();
              return ImageFile.whole(file, name(folder, file), className);
            })
        .toList();
  }

  /** Folders directly in a folder that are not hidden, sorted by name. */
  static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> below = Files.list(folder)) {
      return below
          .filter(path -> Files.isDirectory(path) && !isHidden(path))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }

  /** A path below the folder, with forward slashes. */
  static String name(Path folder, Path path) {
    return folder.relativize(path).toString().replace('\\', '/');
  }

  /** What editors, archivers and version control leave behind: no class and no part of a set. */
  private static boolean isHidden(Path folder) {
    String name = folder.getFileName().toString();
    return name.startsWith(".") || name.equals("__MACOSX") || name.equals("__pycache__");
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemLoopException) {
      return "a link that leads back to a folder it is in";
    }
    return e instanceof AccessDeniedException ? "may not be read" : "cannot be read: " + e;
  }
}
