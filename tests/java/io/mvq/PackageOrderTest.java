package io.mvq;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** Who may import whom. */
@AnalyzeClasses(packages = "io.mvq", importOptions = DoNotIncludeTests.class)
class PackageOrderTest {
  @ArchTest
  static final ArchRule packagesImportOnlyWhatTheTableAllows =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
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
          .layer("metric")
          .definedBy("io.mvq.metric")
          .layer("look")
          .definedBy("io.mvq.look")
          .layer("train")
          .definedBy("io.mvq.train")
          .layer("bench")
          .definedBy("io.mvq.bench")
          .layer("run")
          .definedBy("io.mvq.run")
          .layer("reproduce")
          .definedBy("io.mvq.reproduce")
          .layer("cli")
          .definedBy("io.mvq.cli")
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
          .mayOnlyAccessLayers("tensor")
          .whereLayer("metric")
          .mayOnlyAccessLayers("tensor")
          .whereLayer("look")
          .mayOnlyAccessLayers("metric", "tensor")
          .whereLayer("train")
          .mayOnlyAccessLayers("data", "tensor")
          .whereLayer("bench")
          .mayOnlyAccessLayers("kernel", "tensor")
          .whereLayer("run")
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
}
