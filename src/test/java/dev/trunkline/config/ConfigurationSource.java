package dev.trunkline.config;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A {@code @ConfigMapping} read as source, because neither Javadoc nor the order of the methods is
 * in the class file. Parsed, not analysed: names are taken as they are written there. A group is an
 * interface inside of it, or one beside it in a file of its own.
 */
final class ConfigurationSource {

  private final List<CompilationUnitTree> units;
  private final DocTrees docs;
  private final ClassTree root;
  private final Map<String, ClassTree> groups;

  private ConfigurationSource(List<CompilationUnitTree> units, DocTrees docs) {
    this.units = units;
    this.docs = docs;
    this.root =
        types().filter(type -> annotations(type).containsKey("ConfigMapping")).findFirst().get();
    this.groups =
        types()
            .flatMap(type -> Stream.concat(Stream.of(type), members(type, ClassTree.class)))
            .collect(Collectors.toMap(type -> type.getSimpleName().toString(), type -> type));
  }

  /** Reads the mapping that is in the directory. */
  static ConfigurationSource parse(Path directory) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.list(directory)) {
      List<Path> all = sources.filter(file -> file.toString().endsWith(".java")).toList();
      var task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(all));
      List<CompilationUnitTree> units = new ArrayList<>();
      task.parse().forEach(units::add);
      return new ConfigurationSource(units, DocTrees.instance(task));
    }
  }

  /** The interfaces that are not inside of others. */
  private Stream<ClassTree> types() {
    return units.stream()
        .flatMap(unit -> unit.getTypeDecls().stream())
        .filter(type -> type.getKind() == Tree.Kind.INTERFACE)
        .map(ClassTree.class::cast);
  }

  /** The groups in the order of the source. */
  List<SettingGroup> groups() {
    String prefix = annotations(root).get("ConfigMapping").arguments().get("prefix");
    return members(root, MethodTree.class).map(method -> group(prefix, method)).toList();
  }

  private SettingGroup group(String prefix, MethodTree method) {
    String name = prefix + "." + name(method);
    ClassTree type = groups.get(element(method.getReturnType()).toString());
    String inner = isMap(method) ? name + ".\"<name>\"" : name;
    return new SettingGroup(name, description(method), settings(inner, type).toList());
  }

  private Stream<Setting> settings(String group, ClassTree type) {
    return members(type, MethodTree.class)
        .flatMap(
            option -> isMap(option) ? ofMap(group, option) : Stream.of(setting(group, option)));
  }

  private Stream<Setting> ofMap(String group, MethodTree method) {
    String name = group + "." + name(method) + ".\"<name>\"";
    return settings(name, groups.get(element(method.getReturnType()).toString()));
  }

  private Setting setting(String group, MethodTree method) {
    Map<String, Constraint> annotations = annotations(method);
    return new Setting(
        group + "." + name(method),
        typeInWords(method.getReturnType()),
        annotations.containsKey("WithDefault") ? annotations.get("WithDefault").value() : "",
        Constraint.bounds(annotations.values()),
        description(method));
  }

  private static String name(MethodTree method) {
    Constraint withName = annotations(method).get("WithName");
    return withName == null ? StringUtil.skewer(method.getName().toString()) : withName.value();
  }

  private static boolean isMap(MethodTree method) {
    return method.getReturnType().toString().startsWith("Map<");
  }

  /** What an {@code Optional} or a map holds; any other type itself. */
  private static Tree element(Tree type) {
    return type instanceof ParameterizedTypeTree generic && !isList(generic)
        ? generic.getTypeArguments().getLast()
        : type;
  }

  private static boolean isList(ParameterizedTypeTree type) {
    return type.getType().toString().equals("List");
  }

  private static String typeInWords(Tree type) {
    Tree element = element(type);
    if (element instanceof ParameterizedTypeTree list && isList(list)) {
      return list.getTypeArguments().getLast().toString().equals("String")
          ? "texts, separated by commas"
          : fail(element);
    }
    return switch (element.toString()) {
      case "boolean" -> "`true` or `false`";
      case "int", "long", "Integer" -> "whole number";
      case "String" -> "text";
      case "Duration" -> "duration";
      case "Path" -> "path";
      default -> fail(element);
    };
  }

  private static String fail(Tree type) {
    throw new IllegalStateException("Say here what a " + type + " is.");
  }

  private static Map<String, Constraint> annotations(Tree tree) {
    List<? extends AnnotationTree> written =
        tree instanceof MethodTree method
            ? method.getModifiers().getAnnotations()
            : ((ClassTree) tree).getModifiers().getAnnotations();
    return written.stream()
        .filter(annotation -> !annotation.getArguments().isEmpty())
        .map(Constraint::of)
        .collect(
            Collectors.toMap(
                Constraint::name, Function.identity(), (a, _) -> a, LinkedHashMap::new));
  }

  private static <T extends Tree> Stream<T> members(ClassTree type, Class<T> kind) {
    return type.getMembers().stream().filter(kind::isInstance).map(kind::cast);
  }

  private String description(MethodTree method) {
    DocCommentTree comment =
        units.stream()
            .map(unit -> TreePath.getPath(unit, method))
            .filter(Objects::nonNull)
            .findFirst()
            .map(docs::getDocCommentTree)
            .orElse(null);
    if (comment == null) {
      throw new IllegalStateException("Write a Javadoc comment for " + method.getName() + "().");
    }
    return comment.getFullBody().stream()
        .map(ConfigurationSource::markdown)
        .collect(Collectors.joining())
        .replaceAll("\\s+", " ");
  }

  private static String markdown(DocTree part) {
    return switch (part) {
      case LiteralTree literal -> "`" + literal.getBody().getBody() + "`";
      case LinkTree link -> "`" + link.getReference().getSignature() + "`";
      default -> part.toString();
    };
  }
}
