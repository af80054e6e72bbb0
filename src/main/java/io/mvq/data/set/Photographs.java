package io.mvq.data.set;

import io.mvq.data.Dataset;
import io.mvq.data.fetch.CacheFolder;
import io.mvq.data.fetch.DebianPackage;
import io.mvq.data.fetch.Packages;
import io.mvq.data.format.ImageFiles;
import io.mvq.data.format.ImageLimits;
import io.mvq.data.format.QtResource;
import io.mvq.data.format.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Patches of photographs that Debian's packages bring, labelled by what they show. Which files, and
 * their licences: data/README.md.
 *
 * <p>Split by photograph: all patches of one are on one side, and so are photographs that show the
 * same picture in two sizes.
 */
final class Photographs {
  private Photographs() {}

  private static final Logger log = LoggerFactory.getLogger(Photographs.class);

  /** What the packages and this code give; to be raised when either changes. */
  private static final String ENTRY = "photos-2";

  /** At most so many patches of one photograph, so that no picture rules. */
  private static final int MOST = 160;

  /** Telescopes' images are many, and much alike. */
  private static final int MOST_OF_A_NEBULA = 12;

  /**
   * Some files of a package, or of a Qt resource file in it.
   *
   * @param place folder or .rcc file below the unpacked package
   * @param files their paths below the place, or their paths in the resource file
   */
  private record Source(
      String label, DebianPackage debian, String place, int most, Pattern files) {}

  private static final DebianPackage GCOMPRIS_DATA =
      new DebianPackage(
          "gcompris-qt-data",
          "3.1-2",
          "e9cf06ab2105529068df73085784e835d2ff03f870d2a8091f09125d40abac9f");
  private static final DebianPackage MATE =
      new DebianPackage(
          "mate-backgrounds",
          "1.26.0-1",
          "7bf4c2209f34b4f61ba6d24c8b58c28b361e82e4b943aae6d42c030169af9e04");
  private static final DebianPackage LOMIRI =
      new DebianPackage(
          "lomiri-wallpapers-16.04",
          "20.04.0-2",
          "a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab");
  private static final DebianPackage STELLARIUM =
      new DebianPackage(
          "stellarium-data",
          "0.22.2-1",
          "45aaebf39a814acbd6dcccea058c2f5651bcb5635599da03a215feeb51f4d5a5");

  private static final String GCOMPRIS = "usr/share/gcompris-qt/rcc/";

  private static final List<Source> SOURCES =
      List.of(
          gcompris("animals", "erase", "[^/]*"),
          gcompris("animals", "explore_farm_animals", "animals/[^/]*"),
          gcompris("animals", "explore_world_animals", "animals/[^/]*"),
          gcompris("fish", "categorization", "images/fishes/[^/]*"),
          gcompris("buildings", "explore_monuments", "[a-z]*/[^/]*"),
          gcompris("buildings", "categorization", "images/monuments/[^/]*"),
          // The others there are paintings, and details of these pictures.
          gcompris(
              "buildings",
              "details",
              "image/(Chenonceau|EgeskovSlot|EilanDonan|Fanoe|Gizah|Louvre|NDP|Nagoya|Neuschwan"
                  + "stein|OperaSidney|TajMahal|TourEiffel|TowerBridge)[^/]*_background"),
          gcompris("power", "categorization", "images/renewable/[^/]*"),
          new Source(
              "wallpapers",
              MATE,
              "usr/share/backgrounds/mate/nature",
              MOST,
              Pattern.compile(".*\\.jpg")),
          new Source(
              "wallpapers", LOMIRI, "usr/share/backgrounds", MOST, Pattern.compile(".*\\.jpg")),
          new Source(
              "nebulae",
              STELLARIUM,
              "usr/share/stellarium/nebulae/default",
              MOST_OF_A_NEBULA,
              Pattern.compile(".*\\.png")));

  private static Source gcompris(String label, String activity, String files) {
    return new Source(
        label,
        GCOMPRIS_DATA,
        GCOMPRIS + activity + ".rcc",
        MOST,
        Pattern.compile(".*/" + activity + "/resource/" + files + "\\.webp"));
  }

  /** Fetches the packages if needed (364 MB), cuts the patches once, and opens the result. */
  static Dataset open(Packages packages, CacheFolder cache, int side, int channels)
      throws IOException {
    return DecodedSet.open(
            cache, ENTRY, writer -> cut(photographs(packages), writer), side, channels)
        .split("photos");
  }

  /** A photograph's name, and how to decode it. */
  record Photograph(String name, String label, int most, Decoder decoder) {}

  /** Decodes one photograph. */
  interface Decoder {
    Raster decode() throws IOException;
  }

  private static List<Photograph> photographs(Packages packages) throws IOException {
    List<Photograph> all = new ArrayList<>();
    for (Source source : SOURCES) {
      Path place = packages.fetchDebian(source.debian()).resolve(source.place());
      int before = all.size();
      if (source.place().endsWith(".rcc")) {
        for (Map.Entry<String, byte[]> file : QtResource.read(place).entrySet()) {
          add(
              all,
              source,
              file.getKey(),
              () -> ImageFiles.decode(file.getKey(), file.getValue(), ImageLimits.DEFAULT));
        }
      } else {
        for (Path file : files(place)) {
          add(
              all,
              source,
              file.getFileName().toString(),
              () -> ImageFiles.decode(file, ImageLimits.DEFAULT));
        }
      }
      if (all.size() == before) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "%s: no file like %s; is this another version of %s?",
                place,
                source.files(),
                source.debian().name()));
      }
    }
    return all;
  }

  private interface ImageReading {
    Raster read() throws IOException;
  }

  private static void add(List<Photograph> all, Source source, String path, ImageReading reading) {
    if (source.files().matcher(path).matches()) {
      String name = source.debian().name() + "/" + path.replaceFirst(".*/activities/", "");
      all.add(
          new Photograph(
              name, source.label(), source.most(), () -> reading.read().withChannels(3)));
    }
  }

  /** Cuts all photographs; one that is damaged or too small is left out. */
  static void cut(List<Photograph> photographs, DecodedSet.Writer writer) throws IOException {
    SamePicture same = new SamePicture();
    for (Photograph photograph : photographs) {
      same.add(photograph.name(), photograph.decoder().decode());
    }
    for (Photograph photograph : photographs) {
      List<Raster> patches =
          Patches.of(
              photograph.decoder().decode(), photograph.most(), photograph.name().hashCode());
      for (int i = 0; i < patches.size(); i++) {
        writer.add(
            patches.get(i),
            photograph.name() + "#" + i,
            photograph.label(),
            same.group(photograph.name()));
      }
      log.debug("{}: {} patches", photograph.name(), patches.size());
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted(Comparator.comparing(Path::toString)).toList();
    }
  }
}
