#include "cli/option_table.h"

namespace mo::cli {

namespace {

constexpr std::string_view inputs = "Inputs and outputs";
constexpr std::string_view preprocessing = "Preprocessing";

constexpr std::string_view cut_test = "cli/test_cut.py";
constexpr std::string_view preprocessing_test = "cli/test_preprocessing.py";
constexpr std::string_view inputs_test = "cli/test_inputs.py";

}  // namespace

std::vector<Option> input_options() {
  return {
      {{"--input"},
       "NAMES",
       inputs,
       "all",
       "Inputs, separated by commas, in the order in which --input_shape, --mean_values and --scale_values "
       "name none. A layer in the middle of the net cuts the net there: at its input (0:layer where it has "
       "several), at its output (layer:0), or at a blob. Each may carry its shape, type and value: "
       "data[1,3,224,224]{u8}, rois->[0 0 9 9].",
       Origin::original,
       "",
       cut_test,
       true},
      {{"--input_shape"},
       "SHAPE",
       inputs,
       "as in the prototxt",
       "Shape of the input, [1,3,227,227] or (1,3,227,227); several for several inputs, separated by commas, "
       "in the order of --input. IR v10 and v11 take unknown dimensions too: ?, -1, and with bounds 1..4.",
       Origin::original,
       "",
       inputs_test,
       true},
      {{"--batch", "-b"},
       "N",
       inputs,
       "as in the prototxt",
       "Size of the inputs' first dimension, also beside --input_shape.",
       Origin::original,
       "",
       inputs_test,
       true},
      {{"--output"},
       "NAMES",
       inputs,
       "what nothing consumes",
       "Layers or blobs that become the outputs, separated by commas; layer:1 is the second output, 0:layer "
       "what its first input reads. What is not needed for them is left out.",
       Origin::original,
       "",
       cut_test,
       true},
      {{"--freeze_placeholder_with_value"},
       "NAME->VALUE",
       inputs,
       "",
       "Make an input a constant: \"data->[0.1 1.2]\", several separated by commas.",
       Origin::original,
       "",
       inputs_test},
      {{"--layout"},
       "LAYOUT",
       inputs,
       "",
       "What the dimensions of the inputs mean: nchw, data(nchw), or nchw->nhwc for an application that "
       "feeds "
       "them in another order (v10, v11).",
       Origin::later,
       "",
       inputs_test},
      {{"--source_layout"},
       "LAYOUT",
       inputs,
       "nchw",
       "The net's side of --layout.",
       Origin::later,
       "",
       inputs_test},
      {{"--target_layout"},
       "LAYOUT",
       inputs,
       "",
       "The application's side of --layout; another order than the net's puts a Transpose behind the input.",
       Origin::later,
       "",
       inputs_test},

      {{"--mean_values", "-ms"},
       "VALUES",
       preprocessing,
       "",
       "What is subtracted from the inputs, one number for each channel in the order of the original model: "
       "[104,117,123]; several for several inputs, or by name: data[104,117,123].",
       Origin::original,
       "",
       preprocessing_test,
       true},
      {{"--scale_values"},
       "VALUES",
       preprocessing,
       "",
       "What the inputs are divided by, after the mean is subtracted; written as --mean_values.",
       Origin::original,
       "",
       preprocessing_test,
       true},
      {{"--scale", "-s"},
       "NUMBER",
       preprocessing,
       "",
       "What all original inputs are divided by.",
       Origin::original,
       "",
       preprocessing_test,
       true},
      {{"--reverse_input_channels"},
       "",
       preprocessing,
       "",
       "The application feeds the three channels in the opposite order of the original model's (RGB for "
       "BGR). "
       "Means and scales stay in the model's order.",
       Origin::original,
       "",
       preprocessing_test,
       true},
      {{"--mean_file", "-mf"},
       "FILE",
       preprocessing,
       "",
       "Mean image (.binaryproto), subtracted from the one input of the net.",
       Origin::original,
       "",
       preprocessing_test,
       true},
      {{"--mean_file_offsets", "-mo"},
       "(ROW,COLUMN)",
       preprocessing,
       "centred",
       "Where the input lies in a larger mean image: rows first, as the original took them.",
       Origin::original,
       "",
       preprocessing_test},
      {{"--move_to_preprocess"},
       "",
       preprocessing,
       "",
       "Put the means into the section <pre-process> of legacy IR; v10 and v11 have none, there they stay in "
       "the model.",
       Origin::original,
       "",
       preprocessing_test},
      {{"--preprocess"},
       "auto",
       preprocessing,
       "",
       "auto: take means and scale from the transform_param of a training prototxt beside the model, and its "
       "mean file. What is taken is printed; options on the command line come first.",
       Origin::own,
       "",
       preprocessing_test,
       true},
  };
}

}  // namespace mo::cli
