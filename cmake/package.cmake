# cpack -G DEB: the program, the library and its headers, for the distribution that builds it; what it depends on is found
# by dpkg-shlibdeps.  cpack -G TGZ, of a build with MO_STATIC: the program alone, in a folder that runs anywhere.
set(CPACK_PACKAGE_NAME caffe-model-optimizer)
set(CPACK_PACKAGE_VENDOR "Model Optimizer for Caffe")
set(CPACK_PACKAGE_CONTACT "maintainers of Model Optimizer for Caffe <nobody@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Converts trained Caffe models to OpenVINO IR")
set(CPACK_PACKAGE_DESCRIPTION "mo reads a .prototxt and a .caffemodel and writes an optimised OpenVINO IR that computes
the same numbers.  Neither Caffe nor Python has to be installed.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)  # and runs ldconfig
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)

if(MO_STATIC)
  set(CPACK_GENERATOR TGZ)
  set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
  set(CPACK_COMPONENTS_ALL program)
  set(CPACK_COMPONENTS_ALL_IN_ONE_PACKAGE ON)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
  set(CPACK_PACKAGING_INSTALL_PREFIX "")
  set(CPACK_ARCHIVE_FILE_NAME caffe-model-optimizer-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
  set(CPACK_PACKAGE_FILE_NAME ${CPACK_ARCHIVE_FILE_NAME})
else()
  set(CPACK_GENERATOR DEB)
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_COMPONENTS_ALL program sdk)
  set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
endif()
include(CPack)
