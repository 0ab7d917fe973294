#include "cli/option_table.h"

namespace mo::cli {

namespace {

constexpr std::string_view accepted = "Accepted for old scripts, without effect";
constexpr std::string_view options_test = "cli/test_options.py";

}  // namespace

std::vector<Option> accepted_options() {
  return {
      {{"--static_shape"},
       "",
       accepted,
       "",
       "Shapes are static wherever they are known.",
       Origin::later,
       "",
       options_test},
      {{"--progress"},
       "",
       accepted,
       "",
       "There is a bar by itself, on a terminal, when something takes longer than a second.",
       Origin::later,
       "",
       options_test},
      {{"--stream_output"},
       "",
       accepted,
       "",
       "Output is in lines as it is.",
       Origin::later,
       "",
       options_test},
      {{"--use_legacy_frontend"},
       "",
       accepted,
       "",
       "There is one reader of Caffe files.",
       Origin::later,
       "",
       options_test},
      {{"--use_new_frontend"},
       "",
       accepted,
       "",
       "There is one reader of Caffe files.",
       Origin::later,
       "",
       options_test},
      {{"--caffe_parser_path"},
       "DIR",
       accepted,
       "",
       "No parser has to be generated.",
       Origin::later,
       "",
       options_test},
      {{"--transform"},
       "NAMES",
       accepted,
       "",
       "Refused by name: this build has none of these transformations.",
       Origin::later,
       "",
       options_test},
      {{"--transformations_config"},
       "FILE",
       accepted,
       "",
       "Refused: as --transform.",
       Origin::later,
       "",
       options_test},
  };
}

}  // namespace mo::cli
