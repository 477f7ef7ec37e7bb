# struct snd_pcm_runtime has its state in the status record only
s/\<runtime->state\>/runtime->status->state/
