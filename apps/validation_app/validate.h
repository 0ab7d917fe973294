#pragma once

#include <string>

#include "validation_app/network.h"

namespace mo::validation {

/// The command line, checked; the names are those of the options.
struct Settings {
  std::string model;
  std::string images;
  std::string device = "CPU";
  int batch = 0;
  Fitting fitting;
  std::string cpu_extension;
  std::string gpu_configuration;
  bool dump = false;
  std::string labels;            ///< classification: empty for MODEL.labels
  bool zero_background = false;  ///< classification: the classes of the dataset begin at the model's 1
  std::string annotations;       ///< detection
  std::string classes;           ///< detection
  std::string subdir;            ///< detection
};

/// Counts in how many images the best class, or one of the five best, is the right one, and prints it.
void validate_classification(const Settings& settings);

/// Computes and prints the average precision of every class and their mean.
void validate_detection(const Settings& settings);

/// The lines about model, dataset and device.  `approach`: what kind of network it is.
void print_settings(const Settings& settings, const Network& network, const std::string& approach);
void print_times(const Network& network);

}  // namespace mo::validation
