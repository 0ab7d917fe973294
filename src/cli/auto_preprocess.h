#pragma once

#include <string>

#include "cli/parse.h"
#include "support/diagnostics.h"

namespace mo::cli {

/// `--preprocess auto`: adds the means and the scale that the training used to the options, unless they are
/// given.  They are read from the first transform_param, of phase TEST if there is one, of the net's own
/// prototxt or of one beside the model whose name has "train", and from the mean file that it names, or the
/// only *mean*.binaryproto, beside the model.  Gives the line to print: what was found where.
std::string take_preprocessing(Arguments& arguments, Diagnostics& diagnostics);

}  // namespace mo::cli
