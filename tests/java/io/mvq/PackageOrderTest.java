package io.mvq;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.stream.Stream;

/** Who may import whom. */
@AnalyzeClasses(packages = "io.mvq", importOptions = DoNotIncludeTests.class)
class PackageOrderTest {
  /** A TorchScript file and LibTorch's archives are programs; Foreach calls operators by name. */
  @ArchTest
  static final ArchRule whatRunsCodeIsUsedByNobodyHere =
      ArchRuleDefinition.noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.mvq.metric.TorchScriptNetwork")
          .and()
          .doNotHaveFullyQualifiedName("io.mvq.tensor.Foreach")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "io.mvq.metric.TorchScriptNetwork|org.bytedeco.pytorch.(JitModule|InputArchive"
                  + "|Unpickler|CompilationUnit|IValue)");

  /** Tokenizer, Code and Training, which stand above all; Version, beside them, below all. */
  private static final DescribedPredicate<JavaClass> WHAT_OTHER_PROGRAMS_CALL =
      JavaClass.Predicates.resideInAPackage("io.mvq")
          .and(DescribedPredicate.not(JavaClass.Predicates.equivalentTo(Version.class)));

  @ArchTest
  static final ArchRule nobodyWhoCallsAModelNeedsToKnowLibTorch =
      ArchRuleDefinition.methods()
          .that()
          .areDeclaredInClassesThat(WHAT_OTHER_PROGRAMS_CALL)
          .and()
          .arePublic()
          .should(
              ArchConditions.not(
                  ArchConditions.<JavaMethod>have(
                      DescribedPredicate.describe(
                          "a type of LibTorch in its signature",
                          (JavaMethod method) ->
                              Stream.concat(
                                      Stream.of(method.getRawReturnType()),
                                      method.getRawParameterTypes().stream())
                                  .anyMatch(
                                      type -> type.getPackageName().startsWith("org.bytedeco"))))));

  @ArchTest
  static final ArchRule packagesImportOnlyWhatTheTableAllows =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("files")
          .definedBy("io.mvq.files")
          .layer("kernel")
          .definedBy("io.mvq.kernel..")
          .layer("tensor")
          .definedBy("io.mvq.tensor")
          .layer("quantize")
          .definedBy("io.mvq.quantize")
          .layer("hypothesis")
          .definedBy("io.mvq.hypothesis")
          .layer("autoencoder")
          .definedBy("io.mvq.autoencoder")
          .layer("prior")
          .definedBy("io.mvq.prior")
          .layer("data")
          .definedBy("io.mvq.data")
          .layer("fetch")
          .definedBy("io.mvq.data.fetch")
          .layer("format")
          .definedBy("io.mvq.data.format")
          .layer("set")
          .definedBy("io.mvq.data.set")
          .layer("picture")
          .definedBy("io.mvq.picture")
          .layer("timing")
          .definedBy("io.mvq.timing")
          .layer("metric")
          .definedBy("io.mvq.metric")
          .layer("look")
          .definedBy("io.mvq.look")
          .layer("train")
          .definedBy("io.mvq.train")
          .layer("setting")
          .definedBy("io.mvq.setting")
          .layer("recipe")
          .definedBy("io.mvq.recipe")
          .layer("bench")
          .definedBy("io.mvq.bench")
          .layer("run")
          .definedBy("io.mvq.run")
          .layer("export")
          .definedBy("io.mvq.export..")
          .layer("reproduce")
          .definedBy("io.mvq.reproduce")
          .layer("report")
          .definedBy("io.mvq.report")
          .layer("programs")
          .definedBy(WHAT_OTHER_PROGRAMS_CALL)
          .layer("serve")
          .definedBy("io.mvq.serve")
          .layer("cli")
          .definedBy("io.mvq.cli")
          .whereLayer("files")
          .mayNotAccessAnyLayer()
          .whereLayer("kernel")
          .mayNotAccessAnyLayer()
          .whereLayer("tensor")
          .mayOnlyAccessLayers("kernel")
          .whereLayer("quantize")
          .mayOnlyAccessLayers("kernel", "tensor")
          .whereLayer("hypothesis")
          .mayOnlyAccessLayers("kernel", "tensor")
          .whereLayer("autoencoder")
          .mayOnlyAccessLayers("quantize", "hypothesis", "kernel", "tensor")
          .whereLayer("prior")
          .mayOnlyAccessLayers("tensor")
          .whereLayer("data")
          .mayOnlyAccessLayers("files", "tensor")
          .whereLayer("fetch")
          .mayOnlyAccessLayers("files")
          .whereLayer("format")
          .mayOnlyAccessLayers("data", "fetch", "files")
          .whereLayer("set")
          .mayOnlyAccessLayers("data", "fetch", "files", "format")
          .whereLayer("picture")
          .mayOnlyAccessLayers("files", "tensor")
          .whereLayer("timing")
          .mayOnlyAccessLayers("kernel", "tensor")
          .whereLayer("metric")
          .mayOnlyAccessLayers("tensor", "files")
          .whereLayer("look")
          .mayOnlyAccessLayers("metric", "tensor")
          .whereLayer("train")
          .mayOnlyAccessLayers("data", "files", "picture", "setting", "tensor")
          .whereLayer("setting")
          .mayNotAccessAnyLayer()
          .whereLayer("recipe")
          .mayOnlyAccessLayers(
              "files", "setting", "train", "quantize", "hypothesis", "autoencoder", "prior", "look")
          .whereLayer("recipe")
          .mayOnlyBeAccessedByLayers("run", "export", "reproduce", "programs", "cli")
          .whereLayer("bench")
          .mayOnlyAccessLayers("files", "kernel", "tensor", "picture", "timing")
          .whereLayer("run")
          .mayOnlyBeAccessedByLayers("export", "reproduce", "programs", "serve", "cli")
          .whereLayer("export")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("programs")
          .mayOnlyAccessLayers(
              "autoencoder",
              "data",
              "files",
              "format",
              "set",
              "picture",
              "prior",
              "recipe",
              "run",
              "tensor",
              "train")
          .whereLayer("programs")
          .mayOnlyBeAccessedByLayers("serve", "cli")
          .whereLayer("serve")
          .mayOnlyAccessLayers("files", "programs", "prior", "quantize", "run", "train")
          .whereLayer("serve")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("report")
          .mayOnlyAccessLayers("files", "picture")
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("reproduce", "cli")
          .whereLayer("reproduce")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule onlyTheKernelPackageSeesTheGeneratedBinding =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackage("io.mvq.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.mvq.kernel.binding");

  @ArchTest
  static final ArchRule kernelsNeedNoLibTorch =
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage("io.mvq.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.bytedeco.pytorch..", "org.bytedeco.openblas..");

  @ArchTest
  static final ArchRule onlyPicturesSeeThePlottingLibrary =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackage("io.mvq.picture")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.knowm..");
}
