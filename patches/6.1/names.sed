# Conditions are for make backport: file of the tree, expression that it has.
#unless include/kunit/device.h .
# soc-dpcm-compat.h has what is used of it
\|^#include <kunit/device.h>$|d
#if sound/soc/soc-pcm.c dai_link->dpcm_playback\) \{
# a link names its directions
s/^\t\tlink->no_pcm = .*/&\n\t\tlink->dpcm_playback = 1;/
