#include "validation_app/average_precision.h"

#include <algorithm>

namespace mo::validation {

namespace {

/// One class: which detections, in falling order of scores, are right, are wrong, or do not count.
class Matcher {
 public:
  Matcher(const std::vector<Truth>& truths, int category) {
    for (const Truth& truth : truths)
      if (truth.category == category) by_image_[truth.image].push_back({&truth, false});
  }

  /// 1 right, 0 wrong, -1 does not count.
  int judge(const Detection& detection, double least_overlap) {
    const auto objects = by_image_.find(detection.image);
    if (objects == by_image_.end()) return 0;
    Object* best = nullptr;
    double largest = -1;
    for (Object& object : objects->second)
      if (const double found = overlap(detection.box, object.truth->box); found > largest) {
        largest = found;
        best = &object;
      }
    if (best == nullptr || largest < least_overlap) return 0;
    if (best->truth->difficult) return -1;
    if (best->found) return 0;
    best->found = true;
    return 1;
  }

 private:
  struct Object {
    const Truth* truth;
    bool found;
  };
  std::map<std::string, std::vector<Object>> by_image_;
};

double eleven_points(const std::vector<double>& recalls, const std::vector<double>& precisions) {
  double sum = 0;
  for (int point = 0; point <= 10; ++point) {
    double best = 0;
    for (std::size_t i = 0; i < recalls.size(); ++i)
      if (recalls[i] * 10 >= point - 1e-9) best = std::max(best, precisions[i]);
    sum += best / 11;
  }
  return sum;
}

}  // namespace

double overlap(const Box& a, const Box& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const double common = width * height;
  const double both =
      (a.right - a.left) * (a.bottom - a.top) + (b.right - b.left) * (b.bottom - b.top) - common;
  return both > 0 ? common / both : 0;
}

std::map<int, double> average_precisions(const std::vector<Detection>& detections,
                                         const std::vector<Truth>& truths, double least_overlap) {
  std::map<int, std::size_t> objects;
  for (const Truth& truth : truths)
    if (!truth.difficult) ++objects[truth.category];
  std::map<int, double> result;
  for (const auto& [category, count] : objects) {
    std::vector<const Detection*> order;
    for (const Detection& detection : detections)
      if (detection.category == category) order.push_back(&detection);
    std::ranges::stable_sort(order,
                             [](const Detection* a, const Detection* b) { return a->score > b->score; });
    Matcher matcher(truths, category);
    double right = 0;
    double all = 0;
    std::vector<double> recalls;
    std::vector<double> precisions;
    for (const Detection* detection : order) {
      const int judgement = matcher.judge(*detection, least_overlap);
      if (judgement < 0) continue;
      right += judgement;
      ++all;
      recalls.push_back(right / static_cast<double>(count));
      precisions.push_back(right / all);
    }
    result[category] = eleven_points(recalls, precisions);
  }
  return result;
}

}  // namespace mo::validation
