/** @file
 * The C interface between mo and its extension libraries: shared objects that add layers of Caffe, ops and
 * rewrites of the graph.  <mo/extension.hpp> is the same for C++20, and shorter.
 *
 * A library exports two functions, and needs nothing of mo but this file:
 *
 *   uint32_t mo_extension_abi(void);                                returns MO_EXTENSION_ABI
 *   int32_t mo_extension_register(const mo_host*, mo_call*);        adds what the library offers; 0: done
 *
 * mo hands its functions over in mo_host.  Every callback gets an mo_call, which says on whose behalf it runs
 * and is good until the callback returns; so are all texts, arrays and tensors that mo gives.  What a library
 * gives mo is copied before the function returns.  Functions and callbacks return 0 when done.  After another
 * value nothing has changed, mo keeps the cause, and the callback shall return a value other than 0 at once.
 * Nothing may throw across this interface.  Everything runs on one thread. */
#ifndef MO_EXTENSION_H
#define MO_EXTENSION_H

/* NOLINTBEGIN(modernize-deprecated-headers, modernize-use-using): this is C */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Changes when a library built against an older header cannot work any more.  Additions at the end of the
 * structures that begin with their size do not change it. */
#define MO_EXTENSION_ABI 1u

#if defined(__GNUC__)
/** Marks the two functions that a library exports. */
#define MO_EXTENSION_EXPORT __attribute__((visibility("default")))
#else
#define MO_EXTENSION_EXPORT
#endif

/** On whose behalf a callback runs. */
typedef struct mo_call mo_call;

/** UTF-8, not terminated. */
typedef struct mo_text {
  const char* data; /**< the first byte */
  size_t size;      /**< in bytes */
} mo_text;

/** Sizes, outermost first; -1 is a size that is not known before inference. */
typedef struct mo_shape {
  const int64_t* dims; /**< the sizes */
  size_t rank;         /**< how many */
} mo_shape;

/** Which member of mo_data counts. */
enum mo_kind {
  MO_BOOLEAN = 0,  /**< integer, 0 or 1 */
  MO_INTEGER = 1,  /**< integer */
  MO_NUMBER = 2,   /**< number */
  MO_TEXT = 3,     /**< text */
  MO_INTEGERS = 4, /**< integers and count */
  MO_NUMBERS = 5   /**< numbers and count */
};

/** A parameter of a layer or an attribute of an op: `kind` says which of the members counts. */
typedef struct mo_data {
  int32_t kind;            /**< an mo_kind */
  float number;            /**< of MO_NUMBER */
  int64_t integer;         /**< MO_BOOLEAN: 0 or 1 */
  mo_text text;            /**< of MO_TEXT */
  const int64_t* integers; /**< of MO_INTEGERS */
  const float* numbers;    /**< of MO_NUMBERS */
  size_t count;            /**< of integers or numbers */
} mo_data;

/** An attribute of a node or of a layer of the IR. */
typedef struct mo_attribute {
  mo_text name;  /**< as the op or the IR calls it */
  mo_data value; /**< what it is set to */
} mo_attribute;

/** Weights that mo holds, by a number that is good within one callback. */
typedef uint32_t mo_tensor;

/** Weights of a node under their role: weights, biases ... */
typedef struct mo_blob {
  mo_text role;     /**< weights, biases ... */
  mo_tensor tensor; /**< the numbers */
} mo_blob;

/** A node of the graph.  MO_THIS_NODE: the one whose shape or spelling is asked for. */
typedef uint32_t mo_node;
/** The node whose shape or spelling is asked for. */
#define MO_THIS_NODE 0xffffffffu

/** An output of a node. */
typedef struct mo_value {
  mo_node node;    /**< whose */
  uint32_t output; /**< which, from 0 */
} mo_value;

/** An input of a node. */
typedef struct mo_use {
  mo_node node;   /**< whose */
  uint32_t input; /**< which, from 0 */
} mo_use;

/** An output of a layer of the IR that is being written. */
typedef struct mo_port {
  size_t layer;  /**< of the IR, from 0 */
  size_t output; /**< which, from 0 */
} mo_port;

/** How many, inclusive; SIZE_MAX: no limit. */
typedef struct mo_count {
  size_t least; /**< no fewer */
  size_t most;  /**< no more */
} mo_count;

/** A parameter that a layer may have. */
typedef struct mo_parameter {
  mo_text path;          /**< in LayerParameter: my_param.size */
  mo_data default_value; /**< says the kind too; an empty text or list: not set */
} mo_parameter;

/** A function of the library; `self` is what the definition that it stands in says.  0: done. */
typedef int32_t (*mo_callback)(void* self, mo_call* call);

/** A type of Caffe's layers.  One of a built-in type takes its place. */
typedef struct mo_layer_def {
  size_t size;          /**< sizeof(mo_layer_def) */
  const mo_text* types; /**< the first is the name, others are other spellings; letter case does not matter */
  size_t type_count;    /**< of types */
  const mo_parameter* parameters; /**< those that `lower` reads */
  size_t parameter_count;         /**< of parameters */
  mo_count blobs;                 /**< that the layer takes */
  mo_count bottoms;               /**< that the layer takes */
  mo_count tops;                  /**< that the layer gives */
  void* self;                     /**< handed to the callbacks */
  mo_callback lower;              /**< adds the nodes that compute the layer, and sets its tops */
  void (*release)(void* self);    /**< may be NULL */
} mo_layer_def;

/** An op of the graph, and how it stands in the IR.  One of a built-in name takes over how that op is
 * written.
 */
typedef struct mo_op_def {
  size_t size;  /**< sizeof(mo_op_def) */
  mo_text name; /**< as nodes say it */
  mo_text
      version; /**< IR v10 and v11, without `opset`: `extension`, or one of the runtime's own, `opset1` ... */
  void* self;  /**< handed to the callbacks */
  mo_callback infer; /**< the shape rule: sets the shapes of all outputs */
  /** IR v10 and v11.  NULL: one layer of the op's name, with all its attributes, its inputs, and behind
   * them its blobs as constants. */
  mo_callback opset;
  mo_callback legacy;          /**< IR v2 to v7.  NULL: likewise, with the blobs as blobs */
  void (*release)(void* self); /**< may be NULL */
} mo_op_def;

/** When a pass runs. */
enum mo_stage {
  MO_FRONT = 0,  /**< on what the layers gave, before means and scales are embedded */
  MO_MIDDLE = 1, /**< behind that, before mo's own optimisations */
  MO_BACK = 2    /**< behind these, before the IR is written */
};

/** A rewrite of the graph.  Passes of one stage run in the order of the libraries' file names, and within a
 * library in that of their registration. */
typedef struct mo_pass_def {
  size_t size;                 /**< sizeof(mo_pass_def) */
  mo_text name;                /**< for messages, and to disable it */
  int32_t stage;               /**< an mo_stage */
  void* self;                  /**< handed to the callbacks */
  mo_callback run;             /**< rewrites the graph */
  void (*release)(void* self); /**< may be NULL */
} mo_pass_def;

/** mo's functions.  A member is there when `size` reaches beyond it. */
typedef struct mo_host {
  size_t size;  /**< of the structure */
  uint32_t abi; /**< MO_EXTENSION_ABI of mo */

  /* In any callback. */
  int32_t (*fail)(mo_call*, mo_text cause,
                  mo_text remedy); /**< says why the callback is about to fail; never 0 */
  /** Tells the user something; the callback goes on. */
  int32_t (*warn)(mo_call*, mo_text cause, mo_text remedy);

  /* In mo_extension_register. */
  /** Adds a type of layers. */
  int32_t (*add_layer)(mo_call*, const mo_layer_def*);
  /** Adds an op. */
  int32_t (*add_op)(mo_call*, const mo_op_def*);
  /** Adds a pass. */
  int32_t (*add_pass)(mo_call*, const mo_pass_def*);
  int32_t (*disable_layer)(mo_call*, mo_text type); /**< a built-in one */
  int32_t (*disable_pass)(mo_call*, mo_text name);  /**< likewise */

  /* In mo_layer_def.lower. */
  /** The name in the prototxt. */
  int32_t (*layer_name)(mo_call*, mo_text* out);
  /** The name of its type, the first of the definition. */
  int32_t (*layer_type)(mo_call*, mo_text* out);
  /** A declared parameter: the prototxt's value or the default; is_set may be NULL. */
  int32_t (*parameter)(mo_call*, mo_text path, mo_data* out, int32_t* is_set);
  /** How many bottoms the layer has. */
  int32_t (*bottom_count)(mo_call*, size_t* out);
  /** What the layer reads. */
  int32_t (*bottom)(mo_call*, size_t index, mo_value* out);
  /** How many tops the layer has. */
  int32_t (*top_count)(mo_call*, size_t* out);
  /** Says which value a top is. */
  int32_t (*set_top)(mo_call*, size_t index, mo_value value);
  /** How many blobs the layer has. */
  int32_t (*layer_blob_count)(mo_call*, size_t* out);
  /** Its weights, in the order of the caffemodel. */
  int32_t (*layer_blob)(mo_call*, size_t index, mo_tensor* out);

  /** In lower and in passes: adds a node of an op, built-in or not.  `name`: in lower, a suffix to the
   * layer's name, empty for the main node; in passes the whole name.  One that is taken gets a number. */
  int32_t (*add_node)(mo_call*, mo_text op, mo_text name, const mo_value* inputs, size_t input_count,
                      const mo_attribute* attributes, size_t attribute_count, const mo_blob* blobs,
                      size_t blob_count, mo_node* out);

  /* Tensors, in every callback but mo_extension_register. */
  /** The sizes of a tensor. */
  int32_t (*tensor_shape)(mo_call*, mo_tensor, mo_shape* out);
  /** `count` elements from `begin` on, as floats. */
  int32_t (*read_tensor)(mo_call*, mo_tensor, size_t begin, float* out, size_t count);
  /** Makes a tensor of numbers in row-major order. */
  int32_t (*new_tensor)(mo_call*, mo_shape, const float* values, size_t count, mo_tensor* out);

  /* Nodes: any in lower and in passes, MO_THIS_NODE in shape rules and spellings. */
  /** The name of its op. */
  int32_t (*node_op)(mo_call*, mo_node, mo_text* out);
  /** Its name in the graph. */
  int32_t (*node_name)(mo_call*, mo_node, mo_text* out);
  int32_t (*node_layer)(mo_call*, mo_node, mo_text* out); /**< the layer of Caffe that it came from */
  /** How many values it reads. */
  int32_t (*input_count)(mo_call*, mo_node, size_t* out);
  /** One of the values that it reads. */
  int32_t (*input)(mo_call*, mo_node, size_t index, mo_value* out);
  /** How many values it gives. */
  int32_t (*output_count)(mo_call*, mo_node, size_t* out);
  /** The sizes of a value. */
  int32_t (*shape)(mo_call*, mo_value, mo_shape* out);
  /** How many attributes it has. */
  int32_t (*attribute_count)(mo_call*, mo_node, size_t* out);
  /** One of its attributes. */
  int32_t (*attribute_at)(mo_call*, mo_node, size_t index, mo_text* name, mo_data* value);
  /** The attribute of that name; found: 0 or 1. */
  int32_t (*attribute)(mo_call*, mo_node, mo_text name, mo_data* out, int32_t* found);
  /** How many blobs it has. */
  int32_t (*blob_count)(mo_call*, mo_node, size_t* out);
  /** One of its blobs. */
  int32_t (*blob_at)(mo_call*, mo_node, size_t index, mo_text* role, mo_tensor* out);

  /* In mo_op_def.infer. */
  /** Sets the sizes of an output. */
  int32_t (*set_shape)(mo_call*, size_t output, mo_shape shape);

  /* In mo_pass_def.run. */
  /** All nodes, each behind what it consumes; count: how many there are, of which `capacity` are stored. */
  int32_t (*nodes)(mo_call*, mo_node* out, size_t capacity, size_t* count);
  /** The inputs that read the value; count and capacity as of nodes. */
  int32_t (*uses)(mo_call*, mo_value, mo_use* out, size_t capacity, size_t* count);
  int32_t (*is_output)(mo_call*, mo_value, int32_t* out); /**< of the net */
  /** Sets or adds an attribute. */
  int32_t (*set_attribute)(mo_call*, mo_node, mo_text name, const mo_data* value);
  /** Removes an attribute; one that is absent is no error. */
  int32_t (*erase_attribute)(mo_call*, mo_node, mo_text name);
  /** Sets or adds a blob. */
  int32_t (*set_blob)(mo_call*, mo_node, mo_text role, mo_tensor);
  /** Removes a blob; one that is absent is no error. */
  int32_t (*erase_blob)(mo_call*, mo_node, mo_text role);
  /** Has the node read another value. */
  int32_t (*set_input)(mo_call*, mo_node, size_t index, mo_value value);
  /** `to` takes the place of `from` in all nodes but its own, among the outputs of the net, and in names. */
  int32_t (*replace)(mo_call*, mo_value from, mo_value to);
  int32_t (*erase)(mo_call*,
                   mo_node); /**< one that nothing uses; those left over go behind the pass anyway */

  /* In passes and spellings. */
  /** The version of the IR that is being written. */
  int32_t (*ir_version)(mo_call*, int32_t* out);

  /* In mo_op_def.opset. */
  /** Where an input of the node comes from in the IR. */
  int32_t (*input_port)(mo_call*, size_t index, mo_port* out);
  /** Writes a layer; the port is its first output.  `suffix`: of helpers beside the main layer. */
  int32_t (*write_layer)(mo_call*, mo_text type, mo_text version, mo_text suffix,
                         const mo_attribute* attributes, size_t attribute_count, const mo_port* inputs,
                         size_t input_count, const mo_shape* outputs, size_t output_count, mo_port* out);
  /** A constant: weights, which FP16 halves, or with `exact` other than 0 numbers that stay as they are. */
  int32_t (*write_tensor)(mo_call*, mo_tensor, int32_t exact, mo_text suffix, mo_port* out);
  /** A constant of type i64, of rank 1. */
  int32_t (*write_integers)(mo_call*, const int64_t* values, size_t count, mo_text suffix, mo_port* out);
  int32_t (*set_output)(mo_call*, size_t index, mo_port port); /**< of the node */

  /* In mo_op_def.legacy. */
  /** The layer's type in the IR; without it the op's name. */
  int32_t (*set_type)(mo_call*, mo_text type);
  /** Adds an attribute to the layer. */
  int32_t (*write_attribute)(mo_call*, mo_text name, const mo_data* value);
  /** Adds a blob to the layer. */
  int32_t (*write_blob)(mo_call*, mo_text role, mo_tensor);
} mo_host;

#ifdef __cplusplus
}
#endif

/* NOLINTEND(modernize-deprecated-headers, modernize-use-using) */
#endif
