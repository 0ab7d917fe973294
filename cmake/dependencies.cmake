# What the core converter needs; the packages' names are in scripts/install_prerequisites.sh.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(pugixml REQUIRED)

# protozero is header-only and has no CMake package in Debian.
find_path(PROTOZERO_INCLUDE_DIR protozero/pbf_reader.hpp REQUIRED)
add_library(protozero INTERFACE)
target_include_directories(protozero SYSTEM INTERFACE ${PROTOZERO_INCLUDE_DIR})

# Debian's re2 has a CMake package, Ubuntu's of old only the library.
find_package(re2 QUIET)
if(NOT TARGET re2::re2)
  find_path(RE2_INCLUDE_DIR re2/re2.h REQUIRED)
  find_library(RE2_LIBRARY re2 REQUIRED)
  add_library(re2::re2 INTERFACE IMPORTED)
  target_include_directories(re2::re2 SYSTEM INTERFACE ${RE2_INCLUDE_DIR})
  target_link_libraries(re2::re2 INTERFACE ${RE2_LIBRARY})
endif()
find_package(nlohmann_json REQUIRED)
# toml11 is header-only: toml.hpp
find_path(TOML11_INCLUDE_DIR toml.hpp REQUIRED)
add_library(toml11 INTERFACE)
target_include_directories(toml11 SYSTEM INTERFACE ${TOML11_INCLUDE_DIR})

# Weights in HDF5 (.caffemodel.h5): on when libhdf5 is there.
find_package(HDF5 COMPONENTS C QUIET)
option(MO_HDF5 "Read .caffemodel.h5 through libhdf5" ${HDF5_FOUND})
if(MO_HDF5)
  find_package(HDF5 REQUIRED COMPONENTS C)
endif()

# A fork's own caffe.proto (--caffe_proto): on when libprotobuf and its importer are there.
find_package(Protobuf QUIET)
find_path(PROTOBUF_IMPORTER_DIR google/protobuf/compiler/importer.h)
if(Protobuf_FOUND AND PROTOBUF_IMPORTER_DIR)
  set(protobuf_is_there ON)
endif()
option(MO_PROTOBUF "Read a fork's caffe.proto through libprotobuf" ${protobuf_is_there})
if(MO_PROTOBUF)
  find_package(Protobuf REQUIRED)
endif()
