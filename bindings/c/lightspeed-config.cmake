# find_package(lightspeed) gives the targets lightspeed::shared and lightspeed::static, and lightspeed::lightspeed: the shared one,
# or the static one where LIGHTSPEED_STATIC is on.
include("${CMAKE_CURRENT_LIST_DIR}/lightspeed-targets.cmake")

if(NOT TARGET lightspeed::lightspeed)
  add_library(lightspeed::lightspeed INTERFACE IMPORTED)
  if(LIGHTSPEED_STATIC)
    set_target_properties(lightspeed::lightspeed PROPERTIES INTERFACE_LINK_LIBRARIES lightspeed::static)
  else()
    set_target_properties(lightspeed::lightspeed PROPERTIES INTERFACE_LINK_LIBRARIES lightspeed::shared)
  endif()
endif()
