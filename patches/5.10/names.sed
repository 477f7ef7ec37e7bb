# Conditions are for make backport: file of the tree, expression that it has.
#unless include/sound/pcm.h void __snd_pcm_set_state\(
# struct snd_pcm_runtime has its state in the status record only
s/\<runtime->state\>/runtime->status->state/
