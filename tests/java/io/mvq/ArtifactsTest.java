package io.mvq;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The artifacts of modules/: together all classes, each with what it says that it needs. */
class ArtifactsTest {
  private static final Path CLASSES = Path.of("target/classes");

  /** Parts of a declared library that it brings along because its own types show them. */
  private static final Map<String, String> BROUGHT_BY =
      Map.of(
          "jackson-core", "jackson-databind",
          "jackson-annotations", "jackson-databind",
          "parquet-hadoop", "carpet-record",
          "parquet-common", "carpet-record",
          "parquet-column", "carpet-record");

  /** An artifact as its pom says. */
  private record Artifact(
      String name, List<String> includes, List<String> excludes, Set<String> dependencies) {
    boolean holds(String file) {
      return matches(includes, file) && !matches(excludes, file);
    }

    private static boolean matches(List<String> patterns, String file) {
      return patterns.stream()
          .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
          .anyMatch((PathMatcher matcher) -> matcher.matches(Path.of(file)));
    }
  }

  private static Map<String, Artifact> artifacts;
  private static List<String> files;

  @BeforeAll
  static void read() throws Exception {
    artifacts =
        Stream.of("kernels", "models", "train")
            .map(ArtifactsTest::artifact)
            .collect(Collectors.toMap(Artifact::name, artifact -> artifact));
    try (Stream<Path> found = Files.walk(CLASSES)) {
      files =
          found
              .filter(Files::isRegularFile)
              .map(file -> CLASSES.relativize(file).toString())
              .toList();
    }
  }

  private static Artifact artifact(String module) {
    try {
      Path pom = Path.of("modules", module, "pom.xml");
      Element project =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(pom.toFile())
              .getDocumentElement();
      Element classes = (Element) project.getElementsByTagName("resource").item(0);
      Set<String> dependencies = new HashSet<>();
      for (Element dependency : elements(project, "dependency")) {
        if (!texts(dependency, "scope").contains("runtime")) {
          dependencies.addAll(texts(dependency, "artifactId"));
        }
      }
      return new Artifact(
          texts(project, "artifactId").get(1), // the first is its parent's
          texts(classes, "include"),
          texts(classes, "exclude"),
          dependencies);
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException("modules/" + module + "/pom.xml", e);
    }
  }

  private static List<Element> elements(Element parent, String tag) {
    NodeList found = parent.getElementsByTagName(tag);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static List<String> texts(Element parent, String tag) {
    return elements(parent, tag).stream().map(element -> element.getTextContent().strip()).toList();
  }

  @Test
  void everyClassIsInExactlyOneArtifact() {
    for (String file : files) {
      assertThat(artifacts.values().stream().filter(artifact -> artifact.holds(file)))
          .as(file)
          .hasSize(1);
    }
  }

  /** No class sees one outside of its artifact and of what the artifact declares, JDK aside. */
  @Test
  void everyArtifactDeclaresWhatItsClassesUse() {
    JavaClasses all = new ClassFileImporter().importPath(CLASSES);
    Set<String> wrong = new TreeSet<>();
    for (JavaClass used : all) {
      Artifact artifact = owner(used);
      for (Dependency dependency : used.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        String name = home(target);
        if (!name.isEmpty()
            && !name.equals(artifact.name())
            && !artifact.dependencies().contains(name)) {
          wrong.add(artifact.name() + " uses " + target.getPackageName() + " of " + name);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static Artifact owner(JavaClass type) {
    String file = type.getName().replace('.', '/') + ".class";
    return artifacts.values().stream()
        .filter(artifact -> artifact.holds(file))
        .findFirst()
        .orElseThrow(() -> new AssertionError(file + " is in no artifact"));
  }

  /** The artifact that a class comes from; "" for the JDK's. */
  private static String home(JavaClass type) {
    if (type.getName().startsWith("io.mvq.")) {
      return owner(type).name();
    }
    String place = type.getSource().map(source -> source.getUri().toString()).orElse("");
    Matcher jar = Pattern.compile(".*/([^/]+)/[^/]+/[^/]+\\.jar!.*").matcher(place);
    return jar.matches() ? BROUGHT_BY.getOrDefault(jar.group(1), jar.group(1)) : "";
  }

  @Test
  void theBillOfMaterialsNamesAllOfThem() throws Exception {
    String bom = Files.readString(Path.of("modules/bom/pom.xml"));
    List<String> names = new ArrayList<>(artifacts.keySet());
    names.add("mvq-spark");
    assertThat(names)
        .allSatisfy(name -> assertThat(bom).contains("<artifactId>" + name + "</artifactId>"));
  }

  /** What modules/spark compiles stays there, and Spark's hundreds of jars with it. */
  @Test
  void sparkIsOnNoOtherClassPath() throws Exception {
    assertThat(Files.readString(Path.of("target/mvq.classpath")))
        .doesNotContain("apache/spark", "scala-library");
    assertThat(files).noneMatch(file -> file.startsWith("io/mvq/spark/"));
    String pom = Files.readString(Path.of("modules/spark/pom.xml"));
    String library = pom.substring(pom.indexOf("spark-sql_2.13"));
    assertThat(library.substring(0, library.indexOf("</dependency>")))
        .contains("<version>${spark.version}</version>", "<scope>provided</scope>");
  }
}
