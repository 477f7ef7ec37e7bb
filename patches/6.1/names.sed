# there is no such header, soc-dpcm-compat.h has what is used of it
\|^#include <kunit/device.h>$|d
# a link names its directions
s/^\t\tlink->no_pcm = .*/&\n\t\tlink->dpcm_playback = 1;/
