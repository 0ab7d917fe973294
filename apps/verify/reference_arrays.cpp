#include <algorithm>
#include <set>

#include "common/temporary_folder.h"
#include "verify/npz.h"
#include "verify/reference.h"
#include "verify/run_command.h"

namespace mo::verify {

namespace {

/// Finds observations among arrays that are called as blobs or as layers.
Reference match(Arrays arrays, std::string executor, const caffe::Net& net,
                const std::vector<Observation>& observations) {
  Reference reference{std::move(executor), {}, std::move(arrays)};
  const caffe::BlobFlow flow(net);
  const std::set<std::string> repeated = repeated_names(net);
  std::set<std::string> blobs;
  for (const caffe::Layer& layer : net.layers) blobs.insert(layer.tops.begin(), layer.tops.end());
  // A name that only a layer has tells that all are names of layers.
  const bool by_layer = std::ranges::any_of(net.layers, [&](const caffe::Layer& layer) {
    return !blobs.contains(layer.name) && reference.owned.contains(layer.name);
  });
  for (const Observation& observation : observations) {
    const caffe::Layer& layer = net.layers[observation.layer];
    const std::string& blob = layer.tops[observation.top];
    const bool last = flow.last_writer(blob) == caffe::TopReference{observation.layer, observation.top};
    const std::string numbered = layer.name + "." + std::to_string(observation.top);
    const Array* found = nullptr;
    const auto take = [&](const std::string& name) {
      if (const auto it = reference.owned.find(name); found == nullptr && it != reference.owned.end())
        found = &it->second;
    };
    if (!by_layer && last) take(blob);
    if (repeated.contains(layer.name)) {
      if (last) take(blob);
    } else if (by_layer || !blobs.contains(layer.name)) {
      take(numbered);
      if (layer.tops.size() == 1) take(layer.name);
    }
    if (by_layer && last && blob != layer.name &&
        !std::ranges::any_of(net.layers, [&](const caffe::Layer& other) { return other.name == blob; }))
      take(blob);
    reference.observed.push_back(found);
  }
  return reference;
}

}  // namespace

std::set<std::string> repeated_names(const caffe::Net& net) {
  std::set<std::string> seen;
  std::set<std::string> repeated;
  for (const caffe::Layer& layer : net.layers)
    if (!seen.insert(layer.name).second) repeated.insert(layer.name);
  return repeated;
}

Reference run_caffe(const std::string& command, const caffe::NetFiles& files, const caffe::Net& net,
                    const Arrays& feeds, const std::vector<Observation>& observations) {
  const apps::TemporaryFolder folder;
  write_npz(folder.file("in.npz"), feeds);
  run_command(command, {files.prototxt, files.caffemodel, folder.file("in.npz"), folder.file("out.npz")},
              folder.file("log"));
  return match(read_arrays(folder.file("out.npz")), "Caffe (" + command + ")", net, observations);
}

Reference read_recorded(const std::string& path, const caffe::Net& net,
                        const std::vector<Observation>& observations) {
  return match(read_arrays(path), "recorded results (" + path + ")", net, observations);
}

Arrays run_old_engine(const std::string& command, const std::string& xml, const Arrays& feeds) {
  const apps::TemporaryFolder folder;
  write_npz(folder.file("in.npz"), feeds);
  run_command(command, {xml, folder.file("in.npz"), folder.file("out.npz")}, folder.file("log"));
  return read_arrays(folder.file("out.npz"));
}

}  // namespace mo::verify
