#include "verify/onnx_model.h"

#include "caffe/wire.h"
#include "common/temporary_folder.h"
#include "support/file.h"
#include "verify/npz.h"
#include "verify/run_command.h"

namespace mo::verify {

namespace {

// Numbers of fields: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
constexpr std::uint32_t metadata_props = 14;  // of ModelProto
constexpr std::uint32_t key = 1, value = 2;   // of StringStringEntryProto

}  // namespace

std::vector<std::pair<std::string, std::string>> onnx_metadata(const std::string& path) {
  const auto file = MappedFile::open(path);
  const caffe::WireFile wire{path, file->text()};
  caffe::WireReader model(wire);
  std::vector<std::pair<std::string, std::string>> all;
  while (model.next()) {
    if (model.number() != metadata_props) continue;
    caffe::WireReader entry(model, "metadata_props", static_cast<std::int64_t>(all.size()));
    auto& [name, text] = all.emplace_back();
    while (entry.next())
      if (entry.number() == key || entry.number() == value)
        (entry.number() == key ? name : text) = std::string(entry.view());
  }
  return all;
}

IrResults run_onnx(const std::string& command, const apps::LoadedModel& loaded, const caffe::Net& net,
                   const std::vector<Array>& feeds, const std::vector<Observation>& observations) {
  const std::vector<IrInput> inputs = inputs_of(*loaded.model);
  Arrays fed;
  for (std::size_t i = 0; i < inputs.size(); ++i) fed[inputs[i].names.front()] = feeds.at(i);
  const apps::TemporaryFolder folder;
  write_npz(folder.file("in.npz"), fed);
  run_command(command, {loaded.xml, folder.file("in.npz"), folder.file("out.npz")}, folder.file("log"));
  const Arrays found = read_arrays(folder.file("out.npz"));
  const auto take = [&](const std::string& name) {
    const auto it = found.find(name);
    return it == found.end() ? Array{} : it->second;
  };
  IrResults results;
  for (const Observation& observation : observations)  // values have the names of blobs
    results.observed.push_back(take(net.layers[observation.layer].tops[observation.top]));
  for (const auto& port : loaded.model->outputs()) {
    IrOutput output{port.get_any_name(), std::nullopt, take(port.get_any_name())};
    for (std::size_t i = 0; i < observations.size(); ++i)
      if (net.layers[observations[i].layer].tops[observations[i].top] == output.name) output.observation = i;
    results.outputs.push_back(std::move(output));
  }
  return results;
}

}  // namespace mo::verify
