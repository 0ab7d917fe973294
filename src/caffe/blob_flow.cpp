#include "caffe/blob_flow.h"

#include <algorithm>

namespace mo::caffe {

BlobFlow::BlobFlow(const Net& net) : sources_(net.layers.size()), used_(net.layers.size()) {
  writers_.reserve(net.layers.size());
  for (std::size_t i = 0; i < net.layers.size(); ++i) {
    const Layer& layer = net.layers[i];
    for (const std::string& bottom : layer.bottoms) {
      const auto writer = writers_.find(bottom);
      sources_[i].push_back(writer == writers_.end() ? std::nullopt : std::optional(writer->second));
      if (sources_[i].back()) used_[writer->second.layer][writer->second.top] = true;
    }
    used_[i].resize(layer.tops.size());
    for (std::size_t k = 0; k < layer.tops.size(); ++k) writers_[layer.tops[k]] = {i, k};
  }
}

std::optional<TopReference> BlobFlow::last_writer(const std::string& blob) const {
  const auto writer = writers_.find(blob);
  return writer == writers_.end() ? std::nullopt : std::optional(writer->second);
}

std::vector<bool> BlobFlow::needed_for(const std::vector<TopReference>& tops) const {
  std::vector<bool> needed(sources_.size());
  for (const TopReference& top : tops) needed[top.layer] = true;
  for (std::size_t i = sources_.size(); i-- > 0;) {  // sources lie before what reads them
    if (!needed[i]) continue;
    for (const auto& from : sources_[i])
      if (from) needed[from->layer] = true;
  }
  return needed;
}

std::vector<TopReference> BlobFlow::ends_behind(const std::vector<std::size_t>& from) const {
  std::vector<bool> reached(sources_.size());
  for (const std::size_t layer : from) reached[layer] = true;
  std::vector<TopReference> ends;
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    for (const auto& read : sources_[i])
      if (read && reached[read->layer]) reached[i] = true;
    for (std::size_t k = 0; reached[i] && k < used_[i].size(); ++k)
      if (!used_[i][k]) ends.push_back({i, k});
  }
  return ends;
}

}  // namespace mo::caffe
