#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mo/converter.hpp>
#include <new>
#include <set>
#include <thread>

#include "support/temporary_file.h"

namespace mo {
namespace {

constexpr const char* net =
    "name: 'two' input: 'data' input_shape { dim: 1 dim: 4 }\n"
    "layer { name: 'a' type: 'Power' bottom: 'data' top: 'a' power_param { scale: 2 } }\n"
    "layer { name: 'b' type: 'ReLU' bottom: 'a' top: 'b' }\n";

const std::string digits = MO_EXAMPLES "/digits/digits.caffemodel";

TEST(ConvertModel, GivesTheIrInMemory) {
  const Ir ir = convert_model({.input_model = digits, .scale = 255});
  EXPECT_NE(ir.xml.find("<net name=\"digits\" version=\"11\">"), std::string::npos);
  EXPECT_GT(ir.weights.size(), 1000U);
  ASSERT_EQ(ir.inputs.size(), 1U);
  EXPECT_EQ(ir.inputs[0].name, "data");
  EXPECT_EQ(ir.inputs[0].shape, (std::vector<std::int64_t>{1, 1, 8, 8}));
  ASSERT_EQ(ir.outputs.size(), 1U);
  EXPECT_EQ(ir.outputs[0].name, "prob");
  EXPECT_NE(ir.mapping.find("conv1"), std::string::npos);
}

TEST(ConvertModel, KeepsWeightsAliveInCopies) {
  Weights copy;
  std::vector<std::byte> before;
  {
    const Ir ir = convert_model({.input_model = digits});
    copy = ir.weights;
    before.assign(copy.data(), copy.data() + copy.size());
  }
  EXPECT_EQ(std::memcmp(before.data(), copy.data(), copy.size()), 0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(copy.data()) % 64, 0U);
}

TEST(ConvertModel, WritesWeightsWhereTheCallerWants) {
  std::vector<std::byte> place;
  const Ir ir = convert_model(
      {.input_model = digits, .compress_to_fp16 = true, .allocate_weights = [&](std::size_t size) {
         place.resize(size);
         return place.data();
       }});
  EXPECT_EQ(ir.weights.data(), place.data());
  EXPECT_EQ(ir.weights.size(), place.size());
  const Ir own = convert_model({.input_model = digits, .compress_to_fp16 = true});
  ASSERT_EQ(own.weights.size(), place.size());
  EXPECT_EQ(std::memcmp(own.weights.data(), place.data(), place.size()), 0);
  EXPECT_THROW(convert_model({.input_model = digits,
                              .allocate_weights = [](std::size_t) -> std::byte* { return nullptr; }}),
               std::bad_alloc);
}

TEST(ConvertModel, SaysAllThatIsWrong) {
  const TemporaryFile file(
      "layer { name: 'a' type: 'Nonsense' bottom: 'x' top: 'a' }\n"
      "layer { name: 'b' type: 'MoreNonsense' bottom: 'a' top: 'b' }\n",
      ".prototxt");
  try {
    convert_model({.input_model = digits, .input_proto = file.path()});
    FAIL() << "no exception";
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_status(), 1);
    std::set<std::string> types;
    for (const Message& message : error.messages())
      if (message.code == "unsupported-layer") {
        EXPECT_EQ(message.level, Message::Level::error);
        EXPECT_EQ(message.faq, "docs/FAQ.md#unsupported-layer");
        EXPECT_EQ(message.file, file.path());
        EXPECT_GT(message.line, 0U);
        EXPECT_NE(message.text.find(message.cause), std::string::npos);
        EXPECT_NE(std::string(error.what()).find(message.cause), std::string::npos);
        types.insert(message.cause.substr(0, message.cause.find(" are")));
      }
    EXPECT_EQ(types,
              (std::set<std::string>{"layers of type \"MoreNonsense\"", "layers of type \"Nonsense\""}));
  }
}

TEST(ConvertModel, TellsWrongOptionsFromMissingFiles) {
  const auto status = [](const ConvertModelOptions& options) {
    try {
      convert_model(options);
    } catch (const Error& error) {
      return error.exit_status();
    }
    return 0;
  };
  EXPECT_EQ(status({.input_model = ""}), 2);
  EXPECT_EQ(status({.input_model = digits, .ir_version = 9}), 2);
  EXPECT_EQ(status({.input_model = "no.caffemodel"}), 3);
}

TEST(ConvertModel, TellsItsPhasesInTheCallingThread) {
  std::vector<std::string> phases;
  std::uint64_t last = 0;
  std::uint64_t total = 0;
  convert_model({.input_model = digits,
                 .progress = [&, caller = std::this_thread::get_id()](const ProgressState& state) {
                   EXPECT_EQ(std::this_thread::get_id(), caller);
                   if (phases.empty() || phases.back() != state.phase) phases.push_back(state.phase);
                   if (state.phase == "write the weights") {
                     EXPECT_LE(last, state.done);
                     last = state.done;
                     total = state.total;
                   }
                 }});
  EXPECT_EQ(phases, (std::vector<std::string>{"read the model", "build the graph", "optimise",
                                              "lay out the IR", "write the weights", "write the layers"}));
  EXPECT_GT(total, 0U);
  EXPECT_EQ(last, total);
}

TEST(ConvertModel, EndsWhenProgressThrows) {
  for (const char* phase : {"read the model", "write the weights"})
    EXPECT_THROW(convert_model({.input_model = digits,
                                .progress =
                                    [&](const ProgressState& state) {
                                      if (state.phase == phase) throw std::domain_error("stop");
                                    }}),
                 std::domain_error);
}

TEST(SaveModel, WritesTheThreeFiles) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("mo_save_" + std::to_string(::getpid()));
  const Ir ir = convert_model({.input_model = digits});
  save_model(ir, (folder / "a" / "net.xml").string());
  const auto content = [&](const char* name) {
    std::ifstream file(folder / "a" / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(content("net.xml"), ir.xml);
  EXPECT_EQ(content("net.mapping"), ir.mapping);
  EXPECT_EQ(content("net.bin"),
            std::string(reinterpret_cast<const char*>(ir.weights.data()), ir.weights.size()));
  EXPECT_THROW(save_model(ir, (folder / "net.onnx").string()), Error);
  EXPECT_THROW(save_model(ir, (folder / "a" / "net.xml" / "x.xml").string()), Error);
  std::filesystem::remove_all(folder);
}

TEST(UpgradeIr, TurnsAnOldIrIntoAReadableOne) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("mo_upgrade_" + std::to_string(::getpid()));
  const std::string path = (folder / "old.xml").string();
  save_model(convert_model({.input_model = digits, .ir_version = 3}), path);
  const Ir ir = upgrade_ir({.xml = path});
  EXPECT_NE(ir.xml.find("version=\"11\""), std::string::npos);
  EXPECT_EQ(ir.outputs[0].name, "prob");
  const Ir same = upgrade_ir({.xml = path, .ir_version = 4});
  EXPECT_NE(same.xml.find("version=\"4\""), std::string::npos);
  save_model(ir, (folder / "new.xml").string());
  EXPECT_THROW(upgrade_ir({.xml = (folder / "new.xml").string()}), Error);
  std::filesystem::remove_all(folder);
}

TEST(InspectModel, KnowsShapesAndCosts) {
  const TemporaryFile file(net, ".prototxt");
  const ModelInfo info = inspect_model({.input_model = "", .input_proto = file.path()});
  EXPECT_EQ(info.name, "two");
  EXPECT_FALSE(info.trained);
  ASSERT_GE(info.layers.size(), 2U);
  const LayerInfo& layer = info.layers[info.layers.size() - 2];
  EXPECT_EQ(layer.type, "Power");
  EXPECT_EQ(layer.tops[0].shape, (std::vector<std::int64_t>{1, 4}));
  EXPECT_EQ(layer.parameters, (std::vector<std::pair<std::string, std::string>>{{"scale", "2"}}));
  EXPECT_GT(inspect_model({.input_model = digits}).layers[1].multiply_adds, 0);
}

TEST(InspectModel, ListsProblemsBesideTheLayers) {
  const TemporaryFile file(
      "input: 'x' input_shape { dim: 1 }\nlayer { name: 'a' type: 'Nonsense' bottom: 'x' top: 'a' }\n",
      ".prototxt");
  const ModelInfo info = inspect_model({.input_model = "", .input_proto = file.path()});
  EXPECT_EQ(info.layers.back().tops[0].shape, std::nullopt);
  EXPECT_EQ(info.messages.at(0).code, "unsupported-layer");
  EXPECT_THROW(inspect_model({.input_model = "", .input_proto = "no.prototxt"}), Error);
}

TEST(LibraryVersion, IsThatOfTheHeaders) {
  EXPECT_EQ(library_version(), MO_VERSION_TEXT);
}

}  // namespace
}  // namespace mo
