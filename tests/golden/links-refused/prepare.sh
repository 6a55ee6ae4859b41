# What git cannot hold, or should not.
ln -s /etc/passwd content/mat-khau.md
mkfifo content/ong.md
ln -s .. content/len-tren
