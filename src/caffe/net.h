#pragma once

#include <memory>
#include <string>
#include <vector>

#include "caffe/message.h"
#include "support/file.h"
#include "weights/tensor.h"

namespace mo::caffe {

/// The text a net was read from, for messages that quote it; empty text when the definition was binary.
struct Source {
  std::string file;
  std::string text;
  std::vector<std::size_t> line_starts = {};  ///< makes line() quick; without it line() walks the text

  /// Takes the text and finds its lines.
  static Source of(std::string file, std::string text);

  /// The text of a 1-based line without its line end; empty when there is none, or when it is too long to be
  /// quoted.
  std::string line(std::uint32_t number) const;
};

/// One layer in today's (V2) terms, whatever the age of the file it was read from.
struct Layer {
  std::string name;
  std::string type;  ///< V2 spelling: `InnerProduct`, never `INNER_PRODUCT`
  std::vector<std::string> bottoms;
  std::vector<std::string> tops;
  std::shared_ptr<const Message>
      parameters;              ///< the whole LayerParameter: `convolution_param {...}` and all else
  std::vector<Tensor> blobs;   ///< from the caffemodel, with the shapes that the file gives them
  bool in_caffemodel = false;  ///< the caffemodel has a layer of this name
  Position position;
};

/// Top `top` of the layer at `layer` in Net::layers.
struct TopReference {
  std::size_t layer = 0;
  std::size_t top = 0;
  friend bool operator==(const TopReference&, const TopReference&) = default;
};

/// A net ready to be lowered: one phase only, inputs as layers of type `Input`
/// (their shapes in `input_param { shape { dim } }`), weights attached.
struct Net {
  std::string name;
  std::shared_ptr<const Source> source;
  std::vector<Layer> layers;
  bool has_caffemodel = false;
  bool has_weights = false;  ///< layers shall have their blobs; without, shapes alone are known
  /// Layers without a caffemodel shall have blobs of the shapes that training gives, full of 0.5: enough to
  /// see what a conversion would make of the net.
  bool stand_in_weights = false;
  std::vector<TopReference> outputs;  ///< what the net shall give; empty: every top that nothing consumes
  std::vector<std::string> unused_weights;  ///< caffemodel layers with blobs that no layer of the net took
};

struct NetFiles {
  std::string prototxt;    ///< path, empty: the definition inside the caffemodel is used
  std::string caffemodel;  ///< path, empty: no weights (shapes and reports alone)
};

/// Reads and upgrades a net: prototxt or embedded definition, V0, V1 and V2, the four ways to declare inputs
/// (`input` + `input_dim`, `input` + `input_shape`, Input layers; data layers stay what they are), `include`
/// and `exclude` rules for phase TEST, weights matched by layer name. Syntax errors, damaged files and wrong
/// kinds of file throw Failure; problems that do not stop reading are added to `diagnostics`.
Net read_net(const NetFiles& files, Diagnostics& diagnostics);

/// The same from files that are open already; either may be missing, not both.
Net read_net(const std::shared_ptr<const MappedFile>& prototxt,
             const std::shared_ptr<const MappedFile>& caffemodel, Diagnostics& diagnostics);

}  // namespace mo::caffe
