#pragma once

#include <map>
#include <string>
#include <vector>

namespace mo::validation {

/// Corners as parts of the image's width and height.
struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

struct Detection {
  std::string image;
  int category = 0;
  double score = 0;
  Box box;
};

struct Truth {
  std::string image;
  int category = 0;
  Box box;
  bool difficult = false;  ///< neither finding nor missing it counts
};

/// Area in common by area of both together; 0 where that is empty.
double overlap(const Box& a, const Box& b);

/// Average precision of each class that has objects, as the PASCAL VOC challenge of 2007 defines it:
/// detections in the order of their scores, each right when it overlaps an object of its class that none
/// before it found by `least_overlap` or more; the mean of the best precision at a recall of at least 0, 0.1
/// ... 1.
std::map<int, double> average_precisions(const std::vector<Detection>& detections,
                                         const std::vector<Truth>& truths, double least_overlap);

}  // namespace mo::validation
