#pragma once

#include <map>
#include <string>
#include <vector>

#include "validation_app/average_precision.h"

namespace mo::validation {

struct LabelledImage {
  std::string path;
  int category = 0;
};

/// A classification set: a list file with `path class` a line, paths relative to it, or a folder with a
/// folder of images for each class, called by a line of `labels` or by the class's number.  `labels` may not
/// exist.  Throws Failure (dataset).
std::vector<LabelledImage> read_classification_set(const std::string& path, const std::string& labels);

/// One annotated image.
struct AnnotatedImage {
  std::string path;
  std::vector<Truth> truths;
};

/// `name number` a line.  Throws Failure (dataset).
std::map<std::string, int> read_classes(const std::string& path);

/// Every VOC annotation (.xml) of a folder; the images are IMAGES/folder/subdir/filename, or IMAGES/filename
/// where that is not there.  Throws Failure (annotations): no annotations, no XML, an object without a box or
/// of a class that is not in the list.
std::vector<AnnotatedImage> read_annotations(const std::string& folder, const std::string& images,
                                             const std::string& subdir,
                                             const std::map<std::string, int>& classes);

}  // namespace mo::validation
