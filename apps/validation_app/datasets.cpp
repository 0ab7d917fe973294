#include "validation_app/datasets.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <pugixml.hpp>

#include "cli/values.h"

namespace mo::validation {

namespace {

namespace fs = std::filesystem;

/// `name number`, the number behind the last space or tabulator.
std::optional<std::pair<std::string, int>> name_and_number(const std::string& line) {
  const std::string_view text = cli::trimmed(line);
  const auto space = text.find_last_of(" \t");
  if (space == std::string_view::npos) return std::nullopt;
  const auto number = cli::whole_number(text.substr(space + 1));
  if (!number || *number < 0 || *number > 1'000'000) return std::nullopt;
  return std::pair(std::string(cli::trimmed(text.substr(0, space))), static_cast<int>(*number));
}

/// Lines of a file without those that are empty.
std::vector<std::string> lines_of(const std::string& path, const char* what) {
  std::ifstream file(path);
  if (!file)
    cli::fail(code::file_not_found, fmt::format("{}: there is no such {}", path, what), "check the path");
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);)
    if (!cli::trimmed(line).empty()) lines.push_back(line);
  return lines;
}

std::vector<LabelledImage> read_list(const std::string& path) {
  std::vector<LabelledImage> images;
  for (const std::string& line : lines_of(path, "list of images")) {
    const auto entry = name_and_number(line);
    if (!entry)
      cli::fail(code::dataset, fmt::format("{}: \"{}\" is not a path and the number of a class", path, line),
                "write lines such as cat.jpg 284");
    images.push_back({(fs::path(path).parent_path() / entry->first).string(), entry->second});
  }
  return images;
}

/// The class that a folder's name means: its place in the labels, or its number.
std::optional<int> class_of(const std::string& name, const std::vector<std::string>& labels) {
  const auto label = std::ranges::find(labels, name);
  if (label != labels.end()) return static_cast<int>(label - labels.begin());
  if (!labels.empty()) return std::nullopt;
  const auto number = cli::whole_number(name);
  return number && *number >= 0 && *number < 1'000'000 ? std::optional(static_cast<int>(*number))
                                                       : std::nullopt;
}

std::vector<LabelledImage> read_folders(const std::string& path, const std::string& labels_file) {
  const std::vector<std::string> labels =
      cli::path_exists(labels_file) ? lines_of(labels_file, "labels file") : std::vector<std::string>{};
  std::vector<LabelledImage> images;
  std::string unknown;
  for (const auto& folder : fs::directory_iterator(path)) {
    if (!folder.is_directory()) continue;
    const std::string name = folder.path().filename().string();
    const auto category = class_of(name, labels);
    if (!category) {
      unknown += (unknown.empty() ? "" : ", ") + name;
      continue;
    }
    for (const auto& file : fs::directory_iterator(folder.path()))
      if (file.is_regular_file()) images.push_back({file.path().string(), *category});
  }
  if (!unknown.empty())
    cli::fail(code::dataset,
              labels.empty()
                  ? fmt::format("{}: the folders {} are no numbers of classes", path, unknown)
                  : fmt::format("{}: the folders {} are no labels of {}", path, unknown, labels_file),
              "call the folders as the classes in the labels file (-lbl FILE, one class a line)");
  std::ranges::sort(images, {}, &LabelledImage::path);
  return images;
}

[[noreturn]] void refuse(const fs::path& file, const std::string& what) {
  cli::fail(code::annotations, file.string() + ": " + what,
            "annotations are as PASCAL VOC's: docs/validation_app.md");
}

Truth read_object(const pugi::xml_node& object, const fs::path& file, double width, double height,
                  const std::map<std::string, int>& classes) {
  const std::string name = object.child_value("name");
  const auto category = classes.find(name);
  if (category == classes.end())
    refuse(file, fmt::format("the class \"{}\" is not in the list of classes", name));
  const pugi::xml_node box = object.child("bndbox");
  const auto side = [&](const char* which, double size) {
    const auto value = cli::number(cli::trimmed(box.child_value(which)));
    if (!value) refuse(file, fmt::format("an object \"{}\" has no {}", name, which));
    return *value / size;
  };
  return {{},
          category->second,
          {side("xmin", width), side("ymin", height), side("xmax", width), side("ymax", height)},
          cli::trimmed(object.child_value("difficult")) == "1"};
}

AnnotatedImage read_annotation(const fs::path& file, const std::string& images, const std::string& subdir,
                               const std::map<std::string, int>& classes) {
  pugi::xml_document document;
  if (!document.load_file(file.c_str())) refuse(file, "this is no XML");
  const pugi::xml_node annotation = document.child("annotation");
  const double width = annotation.child("size").child("width").text().as_double();
  const double height = annotation.child("size").child("height").text().as_double();
  const std::string name = annotation.child_value("filename");
  if (name.empty() || width <= 0 || height <= 0) refuse(file, "it names no image, or not its size");
  fs::path image = fs::path(images) / annotation.child_value("folder") / subdir / name;
  if (!cli::path_exists(image)) image = fs::path(images) / name;
  AnnotatedImage result{image.string(), {}};
  for (const pugi::xml_node object : annotation.children("object")) {
    Truth truth = read_object(object, file, width, height, classes);
    truth.image = result.path;
    result.truths.push_back(std::move(truth));
  }
  return result;
}

}  // namespace

std::vector<LabelledImage> read_classification_set(const std::string& path, const std::string& labels) {
  std::vector<LabelledImage> images = cli::is_folder(path) ? read_folders(path, labels) : read_list(path);
  if (images.empty())
    cli::fail(code::dataset, path + ": there are no images of a class",
              "give a folder with a folder for each class, or a list with lines such as cat.jpg 284");
  return images;
}

std::map<std::string, int> read_classes(const std::string& path) {
  std::map<std::string, int> classes;
  for (const std::string& line : lines_of(path, "list of classes")) {
    const auto entry = name_and_number(line);
    if (!entry)
      cli::fail(code::dataset, fmt::format("{}: \"{}\" is not a name and the number of a class", path, line),
                "write lines such as aeroplane 1");
    classes.insert(*entry);
  }
  return classes;
}

std::vector<AnnotatedImage> read_annotations(const std::string& folder, const std::string& images,
                                             const std::string& subdir,
                                             const std::map<std::string, int>& classes) {
  if (!cli::is_folder(folder))
    cli::fail(code::file_not_found, folder + ": there is no such folder (-ODa)", "check the path");
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(folder))
    if (file.path().extension() == ".xml") files.push_back(file.path());
  if (files.empty()) refuse(folder, "there are no annotations (.xml)");
  std::ranges::sort(files);
  std::vector<AnnotatedImage> result;
  result.reserve(files.size());
  for (const fs::path& file : files) result.push_back(read_annotation(file, images, subdir, classes));
  return result;
}

}  // namespace mo::validation
